using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Commerce.Collection;
using Commerce.Streaming.Ingest.Domain;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Tests.Domain;

/// <summary>Reads one call by the rules, without a host.</summary>
internal static class Reading
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly Pseudonymizer Pseudonymizer = new(new byte[32]);

    public static readonly SourceProfile Source = new(
        new Source { Id = "web", Platform = "shop", Tenant = "default", TimeZone = "Europe/Berlin" },
        "EUR", new Purposes(Analytics: true, Advertising: false, Personalization: false), FrozenSet<string>.Empty, Enabled: true);

    public static CollectedEvent Event(string json, DateTimeOffset? batchSentAt = null, Decisions? decisions = null) =>
        Outcome(json, batchSentAt, decisions).ShouldBeOfType<EventOutcome.Collected>().Event;

    public static string Reason(string json) => Outcome(json).ShouldBeOfType<EventOutcome.Quarantined>().Fault.Reason;

    public static EventOutcome Outcome(string json, DateTimeOffset? batchSentAt = null, Decisions? decisions = null)
    {
        using var document = JsonDocument.Parse(json);
        var context = new EventContext(Source, Now, null, batchSentAt, default);
        var rules = new EventRules(new IngestOptions(), Pseudonymizer, decisions ?? []);
        return EventReader.Read(document.RootElement, Encoding.UTF8.GetBytes(json), 0, rules, context);
    }

    public sealed class Decisions : Dictionary<string, Decision>, IConsentLookup
    {
        public Decision? Find(string tenant, string identifier) => TryGetValue(identifier, out var decision) ? decision : null;
    }
}
