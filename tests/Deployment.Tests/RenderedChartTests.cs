using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Commerce.Streaming.Deployment.Tests;

/// <summary>Who may talk to whom, and how much may go at once: the rendered chart against the catalogue of services and topics.</summary>
public sealed class RenderedChartTests
{
    private static readonly Dictionary<string, (string Server, int[] Ports)> TrialServers = new(StringComparer.Ordinal)
    {
        ["kafka"] = ("trial-broker", [9092, 8081]), ["redis"] = ("trial-cache", [6379]), ["postgres"] = ("trial-postgres", [5432]),
    };

    /// <summary>Jobs, which the catalogue of a local run knows as tasks, the audit, and what only a trial has.</summary>
    private static readonly Dictionary<string, string[]> Others = new(StringComparer.Ordinal)
    {
        ["provision"] = ["kafka"], ["migrate"] = ["postgres"], ["audit"] = ["postgres"], ["sample-shop"] = ["kafka", "postgres", "ingest", "consent"],
    };

    [Fact]
    public async Task In_a_trial_exactly_those_connect_who_need_each_other()
    {
        var chart = await RenderedChart.TrialAsync();
        var needed = Needs().SelectMany(each => each.Value.SelectMany(need => TrialServers.TryGetValue(need, out var server)
            ? server.Ports.Select(port => $"{each.Key} > {server.Server}:{port}")
            : RepositoryFolder.Services().Contains(need) ? [$"{each.Key} > {need}:8080"] : [])).Order();

        var policies = chart.OfKind("NetworkPolicy").ToList();
        policies.SelectMany(Leaving).Order().ShouldBe(needed, "egress");
        policies.SelectMany(Entering).Order().ShouldBe(needed, "ingress");
    }

    [Fact]
    public async Task Every_pod_has_a_policy_both_ways_and_dns_if_it_connects_at_all()
    {
        foreach (var chart in new[] { await RenderedChart.TrialAsync(), await RenderedChart.ProductionAsync() })
        {
            var policies = chart.OfKind("NetworkPolicy").ToDictionary(Selected);
            foreach (var pod in Pods(chart))
                policies.ShouldContainKey(pod);
            foreach (var (pod, policy) in policies)
            {
                RenderedChart.List(policy, "spec", "policyTypes").Select(type => type.ToString()).ShouldBe(["Ingress", "Egress"], pod);
                var dns = RenderedChart.List(policy, "spec", "egress").Any(rule => RenderedChart.At(rule, "to") is null && Ports(rule).SequenceEqual([53, 53]));
                dns.ShouldBe(!pod.StartsWith("trial-", StringComparison.Ordinal), pod);
            }
        }
    }

    [Fact]
    public async Task In_production_a_pod_reaches_the_ports_of_the_servers_that_it_needs_and_no_other()
    {
        var ports = new Dictionary<string, int[]> { ["kafka"] = [9092, 9093, 9094, 443, 8081], ["redis"] = [6379, 6380], ["postgres"] = [5432] };
        var chart = await RenderedChart.ProductionAsync();
        var needs = Needs();
        foreach (var policy in chart.OfKind("NetworkPolicy"))
        {
            var pod = Selected(policy);
            // The production values name a collector: services and the audit send telemetry.
            int[] telemetry = pod is "provision" or "migrate" ? [] : [4317];
            var reached = RenderedChart.List(policy, "spec", "egress").SelectMany(Ports).Where(port => port != 53);
            reached.Order().ShouldBe(needs[pod].Where(ports.ContainsKey).SelectMany(need => ports[need]).Concat(telemetry).Order(), pod);
            var callers = RenderedChart.List(policy, "spec", "ingress").SelectMany(rule => RenderedChart.List(rule, "from"));
            callers.Count().ShouldBe(RepositoryFolder.Services().Contains(pod) ? 1 : 0, pod);
        }
    }

    [Fact]
    public async Task Probes_ask_the_port_that_the_container_opens()
    {
        var chart = await RenderedChart.ProductionAsync();
        foreach (var workload in chart.OfKind("Deployment").Concat(chart.OfKind("StatefulSet")))
        {
            var container = RenderedChart.List(workload, "spec", "template", "spec", "containers").Single();
            var ports = RenderedChart.List(container, "ports").Select(port => RenderedChart.Text(port, "name")).ToList();
            foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
                ports.ShouldContain(RenderedChart.Text(container, probe, "httpGet", "port"));
        }
    }

    [Fact]
    public async Task A_scaled_consumer_never_gets_more_pods_than_partitions_and_watches_what_it_consumes()
    {
        var topics = RepositoryFolder.Topics();
        var everybody = RepositoryFolder.Services().SelectMany(service => new[] { "--set", $"services.{service}.autoscaling.enabled=true" });
        var chart = await RenderedChart.ProductionAsync([.. everybody]);
        var scaled = chart.OfKind("ScaledObject").ToList();
        scaled.Select(RenderedChart.Component).Order().ShouldBe(["attribution", "consent", "identity-resolution", "inventory-sync", "warehouse"]);
        foreach (var each in scaled)
        {
            var most = RenderedChart.List(each, "spec", "triggers").Max(trigger => topics[RenderedChart.Text(trigger, "metadata", "topic")]);
            Number(each, "spec", "maxReplicaCount").ShouldBeLessThanOrEqualTo(most, RenderedChart.Component(each));
            Number(each, "spec", "minReplicaCount").ShouldBeGreaterThan(1, "one pod may go");
            foreach (var trigger in RenderedChart.List(each, "spec", "triggers"))
                Number(trigger, "metadata", "lagThreshold").ShouldBeGreaterThan(0, "an autoscaler that is always or never hungry");
        }

        (await RenderedChart.RefusalAsync("--set", "trial.enabled=true", "--set", "services.consent.autoscaling.lagThreshold=0")).ShouldContain("lagThreshold");

        // Who scales a workload sets its replicas; a number in the workload would undo it at each upgrade.
        foreach (var workload in chart.OfKind("Deployment").Concat(chart.OfKind("StatefulSet")))
        {
            var isScaled = scaled.Concat(chart.OfKind("HorizontalPodAutoscaler")).Any(each => RenderedChart.Component(each) == RenderedChart.Component(workload));
            (RenderedChart.At(workload, "spec", "replicas") is null).ShouldBe(isScaled, RenderedChart.Component(workload));
        }
    }

    [Fact]
    public async Task Twice_the_partitions_are_told_to_every_process_and_allow_twice_the_pods()
    {
        var once = (await RenderedChart.ProductionAsync()).OfKind("ScaledObject").ToDictionary(RenderedChart.Component, each => Number(each, "spec", "maxReplicaCount"));
        var chart = await RenderedChart.ProductionAsync("--set", "kafka.partitionsMultiple=2");

        chart.OfKind("ScaledObject").ToDictionary(RenderedChart.Component, each => Number(each, "spec", "maxReplicaCount"))
            .ShouldBe(once.ToDictionary(each => each.Key, each => 2 * each.Value), ignoreOrder: true);
        var containers = new[] { "Deployment", "StatefulSet", "Job" }.SelectMany(chart.OfKind).SelectMany(each => RenderedChart.List(each, "spec", "template", "spec", "containers"));
        var told = containers.Select(container => RenderedChart.List(container, "env").ToDictionary(each => RenderedChart.Text(each, "name"))).Where(env => env.ContainsKey("Kafka__BootstrapServers")).ToList();
        told.Count.ShouldBe(7, "six services and a job");
        told.ShouldAllBe(env => RenderedChart.Text(env["Kafka__PartitionsMultiple"], "value") == "2");
    }

    [Fact]
    public async Task A_node_can_be_drained_with_one_replica_and_loses_one_pod_of_each_service_at_most()
    {
        foreach (var chart in new[] { await RenderedChart.TrialAsync(), await RenderedChart.ProductionAsync() })
        {
            var budgets = chart.OfKind("PodDisruptionBudget").ToList();
            budgets.Select(RenderedChart.Component).Order().ShouldBe(RepositoryFolder.Services().Order());
            foreach (var budget in budgets)
            {
                RenderedChart.At(budget, "spec", "minAvailable").ShouldBeNull();
                Number(budget, "spec", "maxUnavailable").ShouldBe(1);
            }

            // Spreading is a wish: one node is enough.
            foreach (var service in Services(chart))
            {
                var wishes = RenderedChart.List(service, "spec", "template", "spec", "topologySpreadConstraints").ToList();
                wishes.Select(wish => RenderedChart.Text(wish, "topologyKey")).ShouldBe(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
                wishes.ShouldAllBe(wish => RenderedChart.Text(wish, "whenUnsatisfiable") == "ScheduleAnyway");
            }
        }
    }

    private static Dictionary<string, string[]> Needs() => RepositoryFolder.Catalogue()
        .Where(entry => !entry.TryGetProperty("kind", out _))
        .Select(entry => (Name: entry.GetProperty("name").GetString()!, Needs: entry.GetProperty("needs").EnumerateArray().Select(need => need.GetString()!).ToArray()))
        .Concat(Others.Select(each => (Name: each.Key, Needs: each.Value)))
        .ToDictionary(each => each.Name, each => each.Needs, StringComparer.Ordinal);

    private static IEnumerable<YamlMappingNode> Services(RenderedChart chart) => chart.OfKind("Deployment").Concat(chart.OfKind("StatefulSet"))
        .Where(workload => RepositoryFolder.Services().Contains(RenderedChart.Component(workload)));

    private static IEnumerable<string> Pods(RenderedChart chart) =>
        new[] { "Deployment", "StatefulSet", "Job", "CronJob", "Pod" }.SelectMany(chart.OfKind).Select(RenderedChart.Component);

    private static string Selected(YamlNode policy) => RenderedChart.Text(policy, "spec", "podSelector", "matchLabels", "app.kubernetes.io/component");

    private static IEnumerable<string> Leaving(YamlMappingNode policy) =>
        from rule in RenderedChart.List(policy, "spec", "egress")
        from to in RenderedChart.List(rule, "to")
        from port in Ports(rule)
        select $"{Selected(policy)} > {Peer(to)}:{port}";

    private static IEnumerable<string> Entering(YamlMappingNode policy) =>
        from rule in RenderedChart.List(policy, "spec", "ingress")
        from caller in RenderedChart.List(rule, "from")
        from port in Ports(rule)
        select $"{Peer(caller)} > {Selected(policy)}:{port}";

    private static string Peer(YamlNode peer) => RenderedChart.Text(peer, "podSelector", "matchLabels", "app.kubernetes.io/component");

    private static IEnumerable<int> Ports(YamlNode rule) => RenderedChart.List(rule, "ports").Select(port => Number(port, "port"));

    private static int Number(YamlNode node, params string[] path) => int.Parse(RenderedChart.Text(node, path), CultureInfo.InvariantCulture);
}
