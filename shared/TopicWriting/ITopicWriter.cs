using Commerce.Streaming.Contracts;
using Confluent.Kafka;

namespace Commerce.Streaming.TopicWriting;

/// <summary>A part of a service that owns a producer and writes to topics from outside a topology, such as behind an HTTP edge.</summary>
public interface ITopicWriter
{
    /// <summary>Every topic it writes to.</summary>
    IReadOnlyList<Topic> Topics { get; }

    /// <summary>Its client, for metadata requests over the connections it has.</summary>
    Handle Handle { get; }

    /// <summary>Set when the producer cannot go on without losing order or exactness: the process has to be restarted.</summary>
    string? FatalError { get; }
}
