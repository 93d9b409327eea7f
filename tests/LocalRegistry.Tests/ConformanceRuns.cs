using System.Globalization;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Testing;
using Commerce.Streaming.Testing.Containers;

namespace Commerce.Streaming.LocalRegistry.Tests;

public sealed class LocalRegistryConformance(LocalRegistryUnderTest registry) : RegistryConformance(registry), IClassFixture<LocalRegistryUnderTest>;

public sealed class RealRegistryConformance(RealRegistryUnderTest registry) : RegistryConformance(registry), IClassFixture<RealRegistryUnderTest>;

public sealed class LocalRegistryUnderTest : RegistryUnderTest, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalRegistryServer? _server;
    private RegistryCaller? _caller;

    public override string? Unavailable => null;

    public override RegistryCaller Caller => _caller!;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalRegistryServer.StartAsync(new LocalRegistryOptions { DataDirectory = _folder.Path }, TestContext.Current.CancellationToken);
        _caller = new RegistryCaller(_server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _caller?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>
/// Another registry with Confluent's API, global level BACKWARD: the one that COMMERCE_TEST_REGISTRY_URL names or
/// bin/registry-start in COMMERCE_TEST_REGISTRY_HOME starts, or Apicurio Registry in a container.
/// </summary>
public sealed class RealRegistryUnderTest : RegistryUnderTest, IAsyncLifetime
{
    private IAsyncDisposable? _server;
    private RegistryCaller? _caller;

    public override string? Unavailable => _caller is null
        ? "no other registry: set COMMERCE_TEST_REGISTRY_URL or COMMERCE_TEST_REGISTRY_HOME, or COMMERCE_TEST_BACKENDS=containers" : null;

    public override RegistryCaller Caller => _caller!;

    /// <summary>As seen with Apicurio Registry 3.0.9.</summary>
    public override IReadOnlyDictionary<string, string> Divergences { get; } = new Dictionary<string, string>
    {
        [nameof(RegistryConformance.Same_schema_has_the_same_id_in_every_subject_whatever_its_layout)] = "another layout in another subject gets another id",
        [nameof(RegistryConformance.A_changed_doc_is_another_schema)] = "its canonical hash drops doc: a change of doc only is no new version",
        [nameof(RegistryConformance.Plain_avro_answers_leave_out_type_and_references)] = "answers carry schemaType and references: [] for plain Avro too",
        [nameof(RegistryConformance.What_uses_an_id_can_be_listed)] = "GET /schemas/ids/N/subjects is not served",
        [nameof(RegistryConformance.Subjects_are_listed_by_prefix)] = "subjectPrefix is ignored",
        [nameof(RegistryConformance.An_empty_schema_is_refused_with_42201)] = "an empty schema is accepted",
        [nameof(RegistryConformance.A_version_that_is_none_is_refused_with_42202)] = "versions/0 and versions/abc are 404, 40402",
        [nameof(RegistryConformance.A_refusal_names_the_field_the_reason_and_the_version)] = "messages have other words",
        [nameof(RegistryConformance.A_verbose_check_says_why)] = "verbose=true adds no messages",
        [nameof(RegistryConformance.Level_none_of_a_subject_lets_everything_pass)] = "NONE removes the subject's level: the global one holds again",
        [nameof(RegistryConformance.Transitive_levels_look_at_every_version)] = "a check without a version looks at every version at plain BACKWARD too",
        [nameof(RegistryConformance.A_level_is_answered_as_it_was_put_and_falls_back_to_the_global_one)] = "PUT answers compatibilityLevel, and wants capitals",
        [nameof(RegistryConformance.An_unknown_level_is_refused_with_42203)] = "an unknown level is a 500 with error_code 0",
        [nameof(RegistryConformance.A_subject_can_be_made_read_only)] = "there are no modes",
        [nameof(RegistryConformance.Import_mode_takes_ids_and_versions_as_given)] = "there are no modes",
        [nameof(RegistryConformance.A_version_is_deleted_in_two_steps)] = "a permanent delete before a soft one is a 409 with 40407",
        [nameof(RegistryConformance.A_subject_is_deleted_in_two_steps)] = "a permanent delete before a soft one is a 409 with 40405",
        [nameof(RegistryConformance.The_root_types_and_content_type_are_Confluents)] = "the root answers a page",
    };

    public async ValueTask InitializeAsync()
    {
        if (TestEnvironment.RegistryUrl is { } url)
        {
            _caller = new RegistryCaller(url);
        }
        else if (TestEnvironment.RegistryHome is { } home)
        {
            var port = LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture);
            var script = await ServerScript.StartAsync(home, "registry", new ThrowawayFolder("commerce-test-registry"), ["--port", port, "--compat", "BACKWARD"]);
            (_server, _caller) = (script, new RegistryCaller(script.Address));
        }
        else if (TestEnvironment.UsesContainers && await KafkaContainers.TryStartRegistryAsync() is { } started)
        {
            (_server, _caller) = (started.Container, new RegistryCaller(started.Url));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _caller?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
