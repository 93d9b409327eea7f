using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>The jobs before an install or upgrade: what they need is there before them, and to Kafka they may be somebody else than the services.</summary>
public sealed class ChartJobTests
{
    private static readonly string[] Jobs = ["migrate", "provision"];

    [Fact]
    public async Task A_hook_finds_what_it_needs_made_by_a_hook_before_it()
    {
        foreach (var chart in new[] { await RenderedChart.ProductionAsync(), await RenderedChart.OfAsync("--set", "trial.enabled=true", "--is-upgrade") })
        {
            foreach (var job in chart.OfKind("Job"))
            {
                Hooks(job).ShouldBe("pre-install,pre-upgrade");
                var policy = chart.OfKind("NetworkPolicy").Single(each => RenderedChart.Component(each) == RenderedChart.Component(job));
                Hooks(policy).ShouldBe(Hooks(job), "in a namespace that denies everything the job could not connect");
                Weight(policy).ShouldBeLessThan(Weight(job));
                RenderedChart.At(policy, "metadata", "annotations", "helm.sh/hook-delete-policy")!.ToString().ShouldBe("before-hook-creation");

                // What is made by the release is made too late.
                var made = chart.Objects.Where(each => Hooks(each) is null).Select(each => $"{RenderedChart.Text(each, "kind")} {RenderedChart.Text(each, "metadata", "name")}").ToHashSet();
                var pod = RenderedChart.At(job, "spec", "template", "spec")!;
                RenderedChart.At(pod, "serviceAccountName").ShouldBeNull();
                SecretReferences.Of(pod).Where(name => !name.EndsWith("-trial", StringComparison.Ordinal)).ShouldAllBe(name => !made.Contains(name));
            }

            chart.OfKind("Job").Select(RenderedChart.Component).Order().ShouldBe(Jobs);
        }
    }

    [Fact]
    public async Task A_trials_first_jobs_and_their_policies_come_with_its_servers_and_go_with_the_next_release()
    {
        var first = await RenderedChart.TrialAsync();
        var next = await RenderedChart.OfAsync("--set", "trial.enabled=true", "--is-upgrade");
        foreach (var kind in new[] { "Job", "NetworkPolicy" })
        {
            var ofJobs = OfJobs(first, kind);
            ofJobs.Count.ShouldBe(Jobs.Length);
            ofJobs.ShouldAllBe(each => Hooks(each) == null);
            // Helm takes away what the next release no longer has, by name: a hook of the same name would go with it.
            ofJobs.Select(Name).Intersect(OfJobs(next, kind).Select(Name)).ShouldBeEmpty(kind);
        }
    }

    [Fact]
    public async Task The_job_that_makes_topics_may_be_a_user_of_its_own()
    {
        var chart = await RenderedChart.ProductionAsync("--set", "kafka.sasl.username=commerce-services,kafka.sasl.existingSecret=commerce-services",
            "--set", "kafka.provision.sasl.username=commerce-provision,kafka.provision.sasl.existingSecret=commerce-provision",
            "--set", "kafka.provision.tls.existingSecret=commerce-provision-tls");

        var users = Users(chart);
        users["provision"].ShouldBe("commerce-provision, password in commerce-provision, certificates in commerce-provision-tls");
        users.Where(each => each.Key != "provision").Select(each => each.Value).Distinct()
            .ShouldBe(["commerce-services, password in commerce-services, certificates in commerce-kafka-tls"]);
        users.Count.ShouldBe(7, "six services and a job");
    }

    [Fact]
    public async Task Without_its_own_it_is_the_services_user_whose_name_is_in_the_secret_or_a_value()
    {
        Users(await RenderedChart.ProductionAsync()).Values.Distinct().ShouldBe(["username in commerce-kafka, password in commerce-kafka, certificates in commerce-kafka-tls"]);
        Users(await RenderedChart.ProductionAsync("--set", "kafka.sasl.username=commerce-services")).Values.Distinct()
            .ShouldBe(["commerce-services, password in commerce-kafka, certificates in commerce-kafka-tls"]);
        (await RenderedChart.RefusalAsync("--set", "trial.enabled=true", "--set", "kafka.provision.sasl.username=somebody")).ShouldContain("/kafka/provision/sasl");
    }

    [Fact]
    public async Task The_autoscaler_is_to_kafka_who_the_services_are()
    {
        var chart = await RenderedChart.ProductionAsync("--set", "kafka.sasl.username=commerce-services", "--set", "kafka.provision.sasl.existingSecret=commerce-provision");
        var authentication = chart.OfKind("TriggerAuthentication").Single();

        // KEDA takes no literal here, but the environment of the container that it scales.
        RenderedChart.List(authentication, "spec", "env").Select(each => $"{RenderedChart.Text(each, "parameter")}={RenderedChart.Text(each, "name")}").ShouldBe(["username=Kafka__SaslUsername"]);
        RenderedChart.List(authentication, "spec", "secretTargetRef").Where(each => RenderedChart.Text(each, "name") == "commerce-kafka")
            .Select(each => RenderedChart.Text(each, "parameter")).ShouldBe(["password"]);
    }

    private static Dictionary<string, string> Users(RenderedChart chart) => new[] { "Deployment", "StatefulSet", "Job" }.SelectMany(chart.OfKind)
        .Select(workload => (Name: RenderedChart.Component(workload), Pod: RenderedChart.At(workload, "spec", "template", "spec")!))
        .Select(each => (each.Name, each.Pod, Variables: RenderedChart.List(RenderedChart.List(each.Pod, "containers").Single(), "env").ToDictionary(variable => RenderedChart.Text(variable, "name"))))
        .Where(each => each.Variables.ContainsKey("Kafka__BootstrapServers"))
        .ToDictionary(each => each.Name, each => $"{Value(each.Variables["Kafka__SaslUsername"])}, {Value(each.Variables["Kafka__SaslPassword"])}, certificates in "
            + RenderedChart.Text(RenderedChart.List(each.Pod, "volumes").Single(volume => RenderedChart.Text(volume, "name") == "kafka-tls"), "secret", "secretName"));

    private static string Value(YamlNode variable) => RenderedChart.At(variable, "value")?.ToString()
        ?? $"{RenderedChart.Text(variable, "valueFrom", "secretKeyRef", "key")} in {RenderedChart.Text(variable, "valueFrom", "secretKeyRef", "name")}";

    private static List<YamlMappingNode> OfJobs(RenderedChart chart, string kind) => [.. chart.OfKind(kind).Where(each => Jobs.Contains(RenderedChart.Component(each)))];

    private static string Name(YamlNode node) => RenderedChart.Text(node, "metadata", "name");

    private static string? Hooks(YamlNode node) => RenderedChart.At(node, "metadata", "annotations", "helm.sh/hook")?.ToString();

    private static int Weight(YamlNode node) => int.Parse(RenderedChart.Text(node, "metadata", "annotations", "helm.sh/hook-weight"), CultureInfo.InvariantCulture);
}
