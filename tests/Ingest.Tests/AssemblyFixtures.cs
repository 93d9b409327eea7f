using Commerce.Streaming.Ingest.Tests;
using Commerce.Streaming.Testing;

[assembly: AssemblyFixture(typeof(KafkaFixture))]

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>Tests that share one running service. They run one after the other, so each sees only its own records in the topics.</summary>
[CollectionDefinition(nameof(Edge))]
public sealed class Edge : ICollectionFixture<IngestServer>;
