using System.Globalization;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provisioning;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>
/// Every contender on the same records, one after the other, and the whole again in as many rounds as asked for, each of which begins with
/// another contender. A warm-up before them counts for nothing. Time is from a contender's first record to its last; the commit behind the
/// last is in nobody's time.
/// </summary>
internal sealed class RatesRun(RigOptions options)
{
    private const int WarmUpRecords = 20_000;
    private static readonly string[] Contenders = ["raw", "raw, polled by the loop", "stateless", "state", "view", "streamiz"];
    private readonly Dictionary<string, List<Measurement>> _measured = Contenders.ToDictionary(name => name, _ => new List<Measurement>());

    public async Task RunAsync()
    {
        Console.WriteLine($"{options.Records:n0} records, {options.Keys:n0} keys, {options.Rounds} rounds after a warm-up");
        await RunAsync(options with { Records = WarmUpRecords }, first: 0, isCounted: false);
        for (var round = 0; round < options.Rounds; round++)
        {
            Console.WriteLine($"round {round + 1}");
            await RunAsync(options, first: round, isCounted: true);
        }

        Console.WriteLine("median");
        var raw = Measurement.Median(_measured["raw"]);
        foreach (var (name, all) in _measured)
            Console.WriteLine(Measurement.Median(all).Describe(name, raw));
    }

    private async Task RunAsync(RigOptions round, int first, bool isCounted)
    {
        var topics = new RigTopics(Guid.NewGuid().ToString("N")[..8]);
        using (var provisioner = new Provisioner(round.Kafka, round.SchemaRegistry))
            await provisioner.ProvisionAsync([.. topics.All]);
        Fill(round, topics.Input);
        for (var turn = 0; turn < Contenders.Length; turn++)
        {
            var name = Contenders[(first + turn) % Contenders.Length];
            var before = Environment.CpuUsage.TotalTime;
            var time = await RunAsync(name, round, topics);
            var measurement = new Measurement(round.Records / time.TotalSeconds, (Environment.CpuUsage.TotalTime - before) / round.Records);
            if (!isCounted)
                continue;
            _measured[name].Add(measurement);
            Console.WriteLine(measurement.Describe(name, null));
        }
    }

    private static Task<TimeSpan> RunAsync(string name, RigOptions round, RigTopics topics) => name switch
    {
        "raw" => Task.FromResult(RawLoop.Run(round, topics.Input.Name, topics.OutputOf(0).Name, isPolledInBackground: true)),
        "raw, polled by the loop" => Task.FromResult(RawLoop.Run(round, topics.Input.Name, topics.OutputOf(1).Name, isPolledInBackground: false)),
        "stateless" => TopologyContender.RunAsync(round, topics.Input, topics.OutputOf(2), topics.DeadLetters, store: null, isViewed: false),
        "state" => TopologyContender.RunAsync(round, topics.Input, topics.OutputOf(3), topics.DeadLetters, topics.StoreOf(0), isViewed: false),
        "view" => TopologyContender.RunAsync(round, topics.Input, topics.OutputOf(4), topics.DeadLetters, topics.StoreOf(1), isViewed: true),
        _ => new StreamizContender(round).RunAsync(topics.Input.Name, topics.OutputOf(5).Name),
    };

    private static void Fill(RigOptions options, Topic<Tally> input)
    {
        using var registry = new CachedSchemaRegistryClient(options.SchemaRegistry);
        var serializer = new AvroSerializer<Tally>(registry, new AvroSerializerConfig { AutoRegisterSchemas = false }).AsSyncOverAsync();
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(options.Kafka)
        {
            Partitioner = Partitioner.Murmur2Random,
            EnableIdempotence = true,
            QueueBufferingMaxMessages = 10_000_000,
        }).Build();
        var random = new Random(1);
        var note = new string('n', 200);
        for (var index = 0; index < options.Records; index++)
        {
            var key = System.Text.Encoding.UTF8.GetBytes("key-" + random.Next(options.Keys).ToString(CultureInfo.InvariantCulture));
            var value = serializer.Serialize(Tally.Of(index, note), new SerializationContext(MessageComponentType.Value, input.Name));
            producer.Produce(input.Name, new Message<byte[], byte[]> { Key = key, Value = value });
        }

        producer.Flush(TimeSpan.FromMinutes(1));
    }
}
