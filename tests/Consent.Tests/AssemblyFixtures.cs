using Commerce.Streaming.Consent.Tests;
using Commerce.Streaming.Testing;

[assembly: AssemblyFixture(typeof(KafkaFixture))]

namespace Commerce.Streaming.Consent.Tests;

/// <summary>Tests that share one running service, one after the other.</summary>
[CollectionDefinition(nameof(Edge))]
public sealed class Edge : ICollectionFixture<ConsentServer>;
