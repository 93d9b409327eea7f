using Avro.Specific;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing;

/// <summary>State by string key, held per partition in process; its truth is the compacted <paramref name="Changelog"/>.</summary>
/// <param name="Name">Unique within a topology.</param>
/// <param name="Changelog">Compacted topic with as many partitions as the topology's inputs; no other topology writes it.</param>
public sealed record Store<T>(string Name, Topic<T> Changelog) where T : class, ISpecificRecord;
