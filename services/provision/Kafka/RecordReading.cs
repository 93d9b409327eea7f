using Commerce.Streaming.Provisioning;
using Confluent.Kafka;

namespace Commerce.Streaming.Provision.Kafka;

/// <summary>Reads partitions to their ends, as often as asked.</summary>
internal sealed class RecordReading(IConsumer<byte[], byte[]?> consumer, TimeSpan patience, TimeProvider clock) : IDisposable
{
    /// <summary>
    /// The first record that there is: where the log begins later, "earliest" leads there. Kafka's own word for it makes the client ask each
    /// leader first, and wait half a second when it has yet to learn who that is.
    /// </summary>
    public static readonly Offset Beginning = new(0);

    /// <summary>Committed records from each offset to where the partition ends now.</summary>
    /// <exception cref="ProvisioningException">Nothing came for long.</exception>
    public void Read(IEnumerable<TopicPartitionOffset> from, Action<ConsumeResult<byte[], byte[]?>> take, CancellationToken cancellation)
    {
        var open = from.ToDictionary(each => each.TopicPartition, each => each.Offset);
        if (open.Count == 0)
            return;
        consumer.Assign(open.Select(each => new TopicPartitionOffset(each.Key, each.Value)));
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = Consume() ?? throw new ProvisioningException($"{open.Keys.First().Topic} cannot be read to its end");
            if (record.IsPartitionEOF)
                open.Remove(record.TopicPartition);
            else
                take(record!);
        }

        consumer.Unassign();
    }

    public void Dispose()
    {
        consumer.Close();
        consumer.Dispose();
    }

    private ConsumeResult<byte[], byte[]?>? Consume()
    {
        var begin = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return consumer.Consume(patience);
            }
            catch (ConsumeException failure) when (!failure.Error.IsFatal && clock.GetElapsedTime(begin) < patience)
            {
                // Connections come and go, and a new topic is not known everywhere at once.
            }
        }
    }
}
