namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>Where rows go.</summary>
internal interface IWarehouse
{
    /// <summary>Loads the records and how far they lead in one transaction.</summary>
    /// <param name="records">In the order of the log, per partition.</param>
    /// <exception cref="UnloadableException">One of the records breaks a rule of the database.</exception>
    /// <exception cref="FencedException">Another owner has gone on from where these records begin: drop them and read positions anew.</exception>
    Task LoadAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken);

    /// <summary>Where to go on. From then on <see cref="LoadAsync"/> expects to start there.</summary>
    IReadOnlyList<Confluent.Kafka.TopicPartitionOffset> ReadPositions(IReadOnlyList<Confluent.Kafka.TopicPartition> partitions);

    /// <summary>Recomputes aggregates that were put off, if any and if their time has come.</summary>
    Task CatchUpAsync(CancellationToken cancellationToken);
}

/// <summary>The database refuses a value or a row; trying again does not help.</summary>
internal sealed class UnloadableException(string error, Exception inner) : Exception(error, inner);

/// <summary>Another owner writes these partitions now.</summary>
internal sealed class FencedException() : Exception("the partitions have been taken over by another instance");
