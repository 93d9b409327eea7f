using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Streaming.LocalProcess;
using Commerce.Streaming.Testing;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>MirrorMaker with the settings of k8s/two-regions/mirror.yaml, as Strimzi runs it: a Kafka Connect worker beside the target.</summary>
internal sealed class MirrorWorker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Intervals that a test does not wait for.</summary>
    private static readonly string[] Hurried =
        ["refresh.topics.interval.seconds", "refresh.groups.interval.seconds", "sync.topic.configs.interval.seconds", "emit.checkpoints.interval.seconds", "sync.group.offsets.interval.seconds"];

    private readonly ServerScript _worker;
    private readonly ThrowawayFolder _folder;
    private readonly HttpClient _api;

    private MirrorWorker(ServerScript worker, ThrowawayFolder folder)
    {
        (_worker, _folder) = (worker, folder);
        _api = new HttpClient { BaseAddress = new Uri(worker.Address) };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<MirrorWorker> StartAsync(GuardedKafka east, GuardedKafka west)
    {
        var spec = RenderedChart.At(Manifest.Single("k8s/two-regions/mirror.yaml", "KafkaMirrorMaker2"), "spec")!;
        var target = RenderedChart.At(spec, "target")!;
        var folder = new ThrowawayFolder("commerce-test-mirror");
        var login = Path.Combine(folder.Path, "login.properties");
        await File.WriteAllLinesAsync(login, Login("").Select(each => $"{each.Key}={each.Value}"), Token);
        // The first is Kafka Connect's own default, which the start script changes.
        string[] settings =
        [
            "exactly.once.source.support=disabled",
            $"config.storage.topic={RenderedChart.Text(target, "configStorageTopic")}",
            $"offset.storage.topic={RenderedChart.Text(target, "offsetStorageTopic")}",
            $"status.storage.topic={RenderedChart.Text(target, "statusStorageTopic")}",
            .. Manifest.Settings(target, "config").Select(each => $"{each.Key}={each.Value}"),
        ];
        var worker = new MirrorWorker(await ServerScript.StartAsync(TestEnvironment.KafkaHome!, "connect", folder,
        [
            "--port", LoopbackPorts.FindFree().ToString(CultureInfo.InvariantCulture), "--bootstrap", west.Address, "--group", RenderedChart.Text(target, "groupId"),
            "--client-config", login, .. settings.SelectMany(each => new[] { "--set", each }),
        ]), folder);
        var source = RenderedChart.List(spec, "mirrors").Single();
        foreach (var connector in new[] { "Source", "Checkpoint" })
        {
            using var answer = await worker._api.PutAsJsonAsync($"/connectors/{connector}/config", Connector(connector, source, east.Address, west.Address), Token);
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Token));
        }

        return worker;
    }

    /// <summary>What the worker and its connectors said.</summary>
    public string Log() => File.ReadAllText(Path.Combine(_folder.Path, "connect.log"));

    public async Task EventuallyAsync(string what, Func<Task<bool>> isSo)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience, $"{what}: not so\n{string.Join('\n', Log().Split('\n').Where(line => line.Contains("ERROR") || line.Contains("Authorization")).TakeLast(20))}");
            await Task.Delay(Interval, Token);
        }
    }

    /// <summary>Whether both connectors have tasks, and everything runs.</summary>
    public async Task<bool> RunsAsync()
    {
        foreach (var connector in new[] { "Source", "Checkpoint" })
        {
            var status = await _api.GetFromJsonAsync<JsonElement>($"/connectors/{connector}/status", Token);
            var states = status.GetProperty("tasks").EnumerateArray().Append(status.GetProperty("connector")).Select(each => each.GetProperty("state").GetString()).ToList();
            if (states.Count < 2 || states.Exists(state => state != "RUNNING"))
                return false;
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _worker.DisposeAsync();
    }

    /// <summary>What Strimzi makes of a mirror.</summary>
    private static Dictionary<string, string> Connector(string kind, YamlNode mirror, string east, string west)
    {
        var own = kind == "Source" ? "sourceConnector" : "checkpointConnector";
        var config = Manifest.Settings(mirror, own, "config");
        foreach (var interval in Hurried)
            config[interval] = "1";
        config["connector.class"] = $"org.apache.kafka.connect.mirror.Mirror{kind}Connector";
        config["tasks.max"] = kind == "Source" ? RenderedChart.Text(mirror, own, "tasksMax") : "1";
        config["topics"] = RenderedChart.Text(mirror, "topicsPattern");
        config["groups"] = RenderedChart.Text(mirror, "groupsPattern");
        config["source.cluster.alias"] = RenderedChart.Text(mirror, "source", "alias");
        config["target.cluster.alias"] = "west";
        config["source.cluster.bootstrap.servers"] = east;
        config["target.cluster.bootstrap.servers"] = west;
        foreach (var (key, value) in Login("source.cluster.").Concat(Login("target.cluster.")))
            config[key] = value;
        return config;
    }

    private static IEnumerable<KeyValuePair<string, string>> Login(string prefix) =>
    [
        new(prefix + "security.protocol", "SASL_PLAINTEXT"),
        new(prefix + "sasl.mechanism", "SCRAM-SHA-256"),
        new(prefix + "sasl.jaas.config", $"org.apache.kafka.common.security.scram.ScramLoginModule required username=\"{GuardedKafka.MirrorUser}\" password=\"{GuardedKafka.MirrorUser}\";"),
    ];
}
