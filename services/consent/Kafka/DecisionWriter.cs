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

/// <summary>Writes decisions to commerce.consent.decisions.v1.</summary>
internal sealed class DecisionWriter : ITopicWriter, IDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(10);
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly AvroEncoder<ConsentDecided> _encoder;
    private volatile string? _fatal;

    public DecisionWriter(
        IOptions<KafkaOptions> kafka, IOptions<ConsentOptions> options, ISchemaRegistryClient registry, ILogger<DecisionWriter> logger)
    {
        _encoder = new AvroEncoder<ConsentDecided>(Contracts.Topics.ConsentDecisions, registry);
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

    public IReadOnlyList<Topic> Topics { get; } = [Contracts.Topics.ConsentDecisions];

    public Handle Handle => _producer.Handle;

    public string? FatalError => _fatal;

    /// <summary>Completes when Kafka has acknowledged every decision.</summary>
    /// <exception cref="KafkaException">Kafka did not acknowledge in time.</exception>
    /// <exception cref="SchemaRegistryException">The schema is not registered.</exception>
    /// <exception cref="HttpRequestException">The registry does not answer.</exception>
    public async Task WriteAsync(IReadOnlyList<ConsentDecided> decisions)
    {
        var deliveries = new List<Task>(decisions.Count);
        foreach (var decision in decisions)
        {
            var value = await _encoder.EncodeAsync(decision);
            var message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(Identifier.Key(decision.Tenant, decision.Subject)),
                Value = value,
                Headers = TraceHeaders.OfCurrentActivity(),
            };
            // Without the request's token: a caller that hangs up does not undo what is under way.
            deliveries.Add(_producer.ProduceAsync(_encoder.Topic, message, CancellationToken.None));
        }

        await Task.WhenAll(deliveries);
    }

    public void Dispose()
    {
        _producer.Flush(FlushTimeout);
        _producer.Dispose();
    }
}
