using static Commerce.Streaming.Deployment.Dashboards.Queries;

namespace Commerce.Streaming.Deployment.Dashboards;

/// <summary>Dead letters that wait for an operator.</summary>
internal static class LettersRow
{
    private const string Topology = "commerce_topology";

    public static readonly Row Row = new(
        "Letters that wait",
        new Panel("Parked keys", "short", "Nothing of these keys is processed until their letters are retried. Pipelines that do not park keys: letters that can be retried.", Sum("commerce.processing.parked.keys", Topology)),
        new Panel("Waiting letters", "short", "Letters of parked keys, those behind the first included.", Sum("commerce.processing.parked.letters", Topology)),
        new Panel("Oldest waiting letter", "s", "Dead letters are deleted after 30 days.", Max("commerce.processing.parked.age", Topology)),
        new Panel("Retries, by outcome", "short", "Within the last hour. duplicate, early: not their turn, nothing was done.", Hour("commerce.processing.retries", "commerce_topology, commerce_outcome")));
}
