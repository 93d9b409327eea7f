using Confluent.Kafka;

namespace Commerce.Streaming.DeadLetters;

/// <summary>Everything committed in a topic, from its beginning to where it ends now.</summary>
internal static class TopicReading
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void ReadAll(
        LetterConnection connection, string topic, Action<ConsumeResult<byte[]?, byte[]?>> take, CancellationToken cancellation)
    {
        // Why it does not answer: a wrong password, an authority that is not known, a port where nobody listens.
        string? trouble = null;
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(connection.Reader())
            .SetKeyDeserializer(Deserializers.ByteArray!)
            .SetValueDeserializer(Deserializers.ByteArray!)
            .SetErrorHandler((_, error) => trouble = error.Code == ErrorCode.Local_AllBrokersDown ? trouble ?? error.Reason : error.Reason)
            .SetLogHandler((_, _) => { })
            .Build();
        var open = PartitionsOf(consumer, topic, () => trouble);
        consumer.Assign(open.Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = Consume(consumer, topic, Patience) ?? throw new LettersException($"{topic} does not answer{(trouble is null ? "" : ": " + trouble)}");
            if (record.IsPartitionEOF)
                open.Remove(record.Partition.Value);
            else
                take(record);
        }

        consumer.Close();
    }

    /// <summary>As many as there are: the installation has chosen.</summary>
    private static HashSet<int> PartitionsOf(IConsumer<byte[]?, byte[]?> consumer, string topic, Func<string?> trouble)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            var found = admin.GetMetadata(topic, Patience).Topics.Single();
            return found.Error.IsError
                ? throw new LettersException($"{topic} cannot be read: {found.Error.Reason}")
                : [.. found.Partitions.Select(partition => partition.PartitionId)];
        }
        catch (KafkaException away)
        {
            // The handler that knows more is called when somebody consumes.
            Consume(consumer, topic, TimeSpan.Zero);
            throw new LettersException($"{topic} does not answer: {trouble() ?? away.Error.Reason}", away);
        }
    }

    private static ConsumeResult<byte[]?, byte[]?>? Consume(IConsumer<byte[]?, byte[]?> consumer, string topic, TimeSpan patience)
    {
        try
        {
            return consumer.Consume(patience);
        }
        catch (ConsumeException failure)
        {
            throw new LettersException($"{topic} cannot be read: {failure.Error.Reason}", failure);
        }
    }
}
