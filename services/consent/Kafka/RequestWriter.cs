using System.Text;
using Commerce.Consent;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Consent.Kafka;

/// <summary>Writes requests to commerce.consent.requests.v1.</summary>
internal sealed class RequestWriter : ITopicWriter, IDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly AvroEncoder<ConsentRequested> _encoder;
    private volatile string? _fatal;

    public RequestWriter(
        IOptions<KafkaOptions> kafka, IOptions<ConsentOptions> options, ISchemaRegistryClient registry, ILogger<RequestWriter> logger)
    {
        _encoder = new AvroEncoder<ConsentRequested>(Contracts.Topics.ConsentRequests, registry);
        var settings = ProducerSettings.Reliable(kafka.Value, TimeSpan.FromSeconds(options.Value.DeliverySecondsMax));
        settings.LingerMs = 1;
        _producer = new ProducerBuilder<byte[], byte[]>(settings)
            .SetLogHandler((_, message) => ConsentLog.KafkaClient(logger, message.Message))
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                    _fatal = error.Reason;
                ConsentLog.KafkaError(logger, error.Reason);
            })
            .Build();
    }

    public IReadOnlyList<Topic> Topics { get; } = [Contracts.Topics.ConsentRequests];

    public Handle Handle => _producer.Handle;

    public string? FatalError => _fatal;

    /// <summary>Completes when Kafka has acknowledged the request.</summary>
    /// <exception cref="KafkaException">Kafka did not acknowledge in time.</exception>
    /// <exception cref="SchemaRegistryException">The schema is not registered.</exception>
    /// <exception cref="HttpRequestException">The registry does not answer.</exception>
    public async Task WriteAsync(ConsentRequested request)
    {
        var message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(Identifier.Key(request.Tenant, request.Subject)),
            Value = await _encoder.EncodeAsync(request),
            Headers = TraceHeaders.OfCurrentActivity(),
        };
        // Without the caller's token: a caller that hangs up does not undo what is under way.
        await _producer.ProduceAsync(_encoder.Topic, message, CancellationToken.None);
    }

    public void Dispose()
    {
        _producer.Flush(FlushTimeout);
        _producer.Dispose();
    }
}
