using System.Security.Cryptography;
using System.Text.Json;
using Avro.Specific;
using Commerce.Collection;
using Commerce.Processing;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.DeadLetters;
using Commerce.Streaming.Privacy;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Prints what a topic of sealed records holds, from its beginning to where it ends now.</summary>
internal static class SealedTopic
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static int Print(string name, Dictionary<string, string> kafka, Dictionary<string, string> registryClient, RawSealer sealer, TextWriter output, CancellationToken cancellation)
    {
        using var registry = new CachedSchemaRegistryClient(registryClient);
        switch (Topics.All.SingleOrDefault(topic => topic.Name == name))
        {
            case Topic<DeadLetter> dead:
                return Print(dead, kafka, registry, letter => new
                {
                    letter.Pipeline, letter.Reason, letter.Error, letter.Topic, letter.Partition, letter.Offset, letter.SchemaId, letter.Attempts, letter.FailedAt,
                    Value = letter.Value is { } value ? Opened(value, sealer) : null,
                }, output, cancellation);
            case Topic<QuarantinedEvent> quarantine:
                return Print(quarantine, kafka, registry, refused => new
                {
                    Source = refused.Source?.Id, refused.MessageId, refused.Reason, refused.Detail, refused.ReceivedAt, Raw = Opened(refused.Raw, sealer),
                }, output, cancellation);
            default:
                throw CliException.Usage($"{name} is neither a dead letter topic nor the quarantine: {string.Join(", ", Topics.All.Where(topic => topic is Topic<DeadLetter> or Topic<QuarantinedEvent>).Select(topic => topic.Name))}.");
        }
    }

    private static int Print<T>(
        Topic<T> topic, Dictionary<string, string> kafka, ISchemaRegistryClient registry, Func<T, object> show, TextWriter output, CancellationToken cancellation)
        where T : class, ISpecificRecord
    {
        string? trouble = null;
        using var consumer = new ConsumerBuilder<Ignore, T>(new ConsumerConfig(new Dictionary<string, string>(kafka))
        {
            GroupId = LetterConnection.ReaderGroup, EnableAutoCommit = false, IsolationLevel = IsolationLevel.ReadCommitted, EnablePartitionEof = true,
        }).SetValueDeserializer(new AvroDeserializer<T>(registry).AsSyncOverAsync()).SetErrorHandler((_, error) => trouble = error.Reason).SetLogHandler((_, _) => { }).Build();
        var open = PartitionsOf(consumer, topic.Name, () => trouble);
        consumer.Assign(open.Select(partition => new TopicPartitionOffset(topic.Name, partition, Offset.Beginning)));
        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = consumer.Consume(Patience) ?? throw new CliException($"{topic.Name} on {kafka["bootstrap.servers"]} does not answer{(trouble is null ? "" : ": " + trouble)}.");
            if (record.IsPartitionEOF)
                open.Remove(record.Partition.Value);
            else
                output.WriteLine(JsonSerializer.Serialize(show(record.Message.Value)));
        }

        consumer.Close();
        return ExitCodes.Ok;
    }

    // As many as there are: the installation has chosen.
    private static HashSet<int> PartitionsOf(IClient consumer, string topic, Func<string?> trouble)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            var found = admin.GetMetadata(topic, Patience).Topics.Single();
            return found.Error.IsError
                ? throw new CliException($"{topic} cannot be read: {found.Error.Reason}.")
                : [.. found.Partitions.Select(partition => partition.PartitionId)];
        }
        catch (KafkaException away)
        {
            throw new CliException($"{topic} does not answer: {trouble() ?? away.Error.Reason}.");
        }
    }

    // Base64: what is in there is Avro, JSON or anything else that somebody sent.
    private static string Opened(byte[] bytes, RawSealer sealer)
    {
        try
        {
            return Convert.ToBase64String(sealer.Open(bytes));
        }
        catch (CryptographicException fault)
        {
            return $"not opened: {fault.Message}";
        }
    }
}
