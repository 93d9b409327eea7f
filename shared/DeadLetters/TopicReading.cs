using Confluent.Kafka;

namespace Commerce.Streaming.DeadLetters;

/// <summary>Everything committed in a topic, from its beginning to where it ends now.</summary>
internal static class TopicReading
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void ReadAll(
        LetterConnection connection, string topic, int partitions, Action<ConsumeResult<byte[]?, byte[]?>> take, CancellationToken cancellation)
    {
        // Why it does not answer: a wrong password, an authority that is not known, a port where nobody listens.
        string? trouble = null;
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(connection.Reader())
            .SetKeyDeserializer(Deserializers.ByteArray!)
            .SetValueDeserializer(Deserializers.ByteArray!)
            .SetErrorHandler((_, error) => trouble = error.Reason)
            .SetLogHandler((_, _) => { })
            .Build();
        var open = Enumerable.Range(0, partitions).ToHashSet();
        consumer.Assign(open.Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = Consume(consumer, topic) ?? throw new LettersException($"{topic} does not answer{(trouble is null ? "" : ": " + trouble)}");
            if (record.IsPartitionEOF)
                open.Remove(record.Partition.Value);
            else
                take(record);
        }

        consumer.Close();
    }

    private static ConsumeResult<byte[]?, byte[]?>? Consume(IConsumer<byte[]?, byte[]?> consumer, string topic)
    {
        try
        {
            return consumer.Consume(Patience);
        }
        catch (ConsumeException failure)
        {
            throw new LettersException($"{topic} cannot be read: {failure.Error.Reason}", failure);
        }
    }
}
