using System.Text;
using Commerce.Processing;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.DeadLetters;

/// <summary>Gives letters back to their pipeline, into the partition in which their line waits.</summary>
public sealed class RetrySender : IDisposable
{
    private static readonly TimeSpan DeliveryMax = TimeSpan.FromMinutes(2);

    private readonly LetterTopics _topics;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly ISerializer<Retry> _serializer;
    private readonly Dictionary<int, long> _next = [];
    private readonly Lock _gate = new();
    private Error? _failure;

    public RetrySender(LetterConnection connection, LetterTopics topics)
    {
        _topics = topics;
        _serializer = new AvroSerializer<Retry>(
            connection.Registry, new AvroSerializerConfig { AutoRegisterSchemas = false, SubjectNameStrategy = Confluent.SchemaRegistry.SubjectNameStrategy.Topic }).AsSyncOverAsync();
        _producer = new ProducerBuilder<byte[], byte[]>(connection.Writer()).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>By partition of the retry topic, the offset after the last order that was delivered.</summary>
    public IReadOnlyDictionary<int, long> Next => _next;

    public void Retry(WaitingLine line, WaitingLetter letter) =>
        Send(line, letter.Letter.Key ?? Encoding.UTF8.GetBytes(line.Id), Commerce.Processing.Retry.Of(letter.Letter), letter.Headers);

    /// <summary>Passes over the letter with this number, also when the topic no longer has it.</summary>
    public void Skip(WaitingLine line, long number) => Send(line, Encoding.UTF8.GetBytes(line.Id), new Retry
    {
        Line = line.Place.Line,
        Number = number,
        Skip = true,
        Topic = "",
        Partition = line.Partition,
        Offset = -1,
        Timestamp = line.Place.Since,
        Value = null,
    }, headers: []);

    /// <summary>Waits until all are delivered.</summary>
    /// <exception cref="LettersException">Some are not; they can be sent again.</exception>
    public void Flush(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DeliveryMax);
        try
        {
            _producer.Flush(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LettersException($"{_topics.Retries!.Name} took no records within {DeliveryMax.TotalMinutes:0} minutes");
        }

        if (_failure is { } failure)
            throw new LettersException($"{_topics.Retries!.Name} refused a record: {failure.Reason}");
    }

    public void Dispose() => _producer.Dispose();

    private void Send(WaitingLine line, byte[] key, Retry retry, Headers headers)
    {
        var topic = _topics.Retries ?? throw new LettersException($"{_topics.Pipeline} takes no letters back: it has no topic of retries");
        var value = _serializer.Serialize(retry, new SerializationContext(MessageComponentType.Value, topic.Name));
        var message = new Message<byte[], byte[]> { Key = key, Value = value, Headers = headers };
        while (true)
        {
            try
            {
                _producer.Produce(new TopicPartition(topic.Name, line.Partition), message, Delivered);
                return;
            }
            catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                _producer.Poll(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private void Delivered(DeliveryReport<byte[], byte[]> report)
    {
        lock (_gate)
        {
            if (report.Error.IsError)
                _failure = report.Error;
            else
                _next[report.Partition.Value] = Math.Max(_next.GetValueOrDefault(report.Partition.Value), report.Offset.Value + 1);
        }
    }
}
