using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>Jobs that are started by hand: arguments that the program knows, the user with their rights, and the restricted Pod Security Standard.</summary>
public sealed class JobManifestTests
{
    private const string Repartition = "k8s/repartition/job.yaml";
    private const string Rewind = "k8s/rewind/job.yaml";

    [Theory]
    [InlineData(Repartition, "repartition")]
    [InlineData(Rewind, "rewind")]
    public void A_job_runs_a_verb_of_provision_as_the_user_that_may(string file, string verb)
    {
        var container = Container(file);
        RenderedChart.Text(container, "image").ShouldStartWith("commerce-streaming/provision:");
        RenderedChart.List(container, "args").First().ToString().ShouldBe(verb);
        string.Join('\n', RepositoryFolder.Sources()).ShouldContain($"Verb = \"{verb}\"");
        var variables = RenderedChart.List(container, "env").ToDictionary(each => RenderedChart.Text(each, "name"));
        var user = RenderedChart.Text(variables["Kafka__SaslUsername"], "value");
        Manifest.Load("k8s/base/users.yaml").ShouldContain(each => RenderedChart.Text(each, "metadata", "name") == user);
        RenderedChart.Text(variables["Kafka__SaslPassword"], "valueFrom", "secretKeyRef", "name").ShouldBe(user);
        RepositoryFolder.Read("docs/DEPLOY.md").ShouldContain($"(../{file})");
    }

    [Theory]
    [InlineData(Repartition)]
    [InlineData(Rewind)]
    public void A_job_runs_under_the_restricted_standard(string file)
    {
        var pod = Pod(file);
        RenderedChart.Text(pod, "automountServiceAccountToken").ShouldBe("false");
        RenderedChart.Text(pod, "securityContext", "seccompProfile", "type").ShouldBe("RuntimeDefault");
        var security = Manifest.Settings(Container(file), "securityContext");
        security["allowPrivilegeEscalation"].ShouldBe("false");
        security["readOnlyRootFilesystem"].ShouldBe("true");
        security["runAsNonRoot"].ShouldBe("true");
        RenderedChart.List(Container(file), "securityContext", "capabilities", "drop").ShouldBe([new YamlScalarNode("ALL")]);
    }

    /// <summary>A moment that somebody forgot to set must not be one.</summary>
    [Fact]
    public void A_rewind_goes_nowhere_until_it_is_told_where() =>
        RenderedChart.Text(RenderedChart.List(Container(Rewind), "env").Single(each => RenderedChart.Text(each, "name") == "Rewind__To"), "value").ShouldBeEmpty();

    private static YamlNode Pod(string file) => RenderedChart.At(Manifest.Single(file, "Job"), "spec", "template", "spec")!;

    private static YamlNode Container(string file) => RenderedChart.List(Pod(file), "containers").Single();
}
