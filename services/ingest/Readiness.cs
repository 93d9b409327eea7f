using Commerce.Consent;
using Commerce.Streaming.CompactedTopics;

namespace Commerce.Streaming.Ingest;

/// <summary>Whether events can be taken now.</summary>
internal sealed class Readiness(CompactedTopicReader<ConsentDecided> consent)
{
    /// <summary>
    /// Why no event may be taken at all: without the consent decisions a default would be stamped on an event whose person has
    /// decided otherwise. Kafka being away is not among it; the producer waits for it as long as the answer may take.
    /// </summary>
    public string? ReasonNotToAccept => consent.ReasonNotReady;
}
