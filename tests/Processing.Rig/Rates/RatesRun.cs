using System.Globalization;
using Commerce.Streaming.Provisioning;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>Every contender on the same records, one after the other.</summary>
internal sealed class RatesRun(RigOptions options)
{
    private static readonly string[] Contenders = ["raw", "stateless", "state", "view"];
    private readonly RigTopics topics = new(Guid.NewGuid().ToString("N")[..8]);
    private TimeSpan cpu;
    private double raw;

    public async Task RunAsync()
    {
        using (var provisioner = new Provisioner(options.Kafka, options.SchemaRegistry))
        {
            await provisioner.ProvisionAsync(
                [topics.Input, topics.DeadLetters, .. Contenders.Select(topics.OutputOf)]);
        }

        Fill();
        Console.WriteLine($"{options.Records:n0} records, {options.Keys:n0} keys");
        cpu = Environment.CpuUsage.TotalTime;
        raw = Report("raw loop", RawLoop.Run(options, topics.Input.Name, topics.OutputOf("raw").Name), null);
        await RunAsync("stateless", null);
        await RunAsync("state", new Store<Tally>("counts", TestTopics.Tallies(topics.Changelog.Name + ".1", topics.Input.Partitions, compact: true)));
        await RunAsync("view", new Store<Tally>("counts", TestTopics.Tallies(topics.Changelog.Name + ".2", topics.Input.Partitions, compact: true)));
    }

    private void Fill()
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
            var value = serializer.Serialize(Tally.Of(index, note), new SerializationContext(MessageComponentType.Value, topics.Input.Name));
            producer.Produce(topics.Input.Name, new Message<byte[], byte[]> { Key = key, Value = value });
        }

        producer.Flush(TimeSpan.FromMinutes(1));
    }

    private async Task RunAsync(string name, Store<Tally>? store)
    {
        if (store is not null)
        {
            using var provisioner = new Provisioner(options.Kafka, options.SchemaRegistry);
            await provisioner.ProvisionAsync([store.Changelog]);
        }

        cpu = Environment.CpuUsage.TotalTime;
        var contender = new TopologyContender(options);
        var output = topics.OutputOf(name);
        var topology = Topology.Named($"{topics.Input.Name}.{name}").To(output).DeadLettersTo(topics.DeadLetters);
        if (store is null)
        {
            topology.From(topics.Input, (record, context) =>
            {
                contender.Saw();
                context.Send(output, record.Key, Tally.Of(record.Value.Count + 1, record.Value.Note));
            });
        }
        else
        {
            topology.WithState(store).From(topics.Input, (record, context) =>
            {
                contender.Saw();
                var count = (context.Get(store, record.Key)?.Count ?? 0) + 1;
                context.Put(store, record.Key, Tally.Of(count));
                context.Send(output, record.Key, Tally.Of(count));
            });
            if (name == "view")
            {
                topology.ViewedIn(RedisView.AsHash(
                    store, topics.Input.Name + ":", (_, tally) => [new("count", tally.Count.ToString(CultureInfo.InvariantCulture))]));
            }
        }

        Report(name, await contender.RunAsync(topology), raw);
    }

    private double Report(string name, TimeSpan time, double? baseline)
    {
        var rate = options.Records / time.TotalSeconds;
        // On a machine that others use, too, the processor time tells more than the clock.
        var microseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / options.Records;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-12} {rate,12:n0} records/s   {(baseline is { } other ? rate / other : 1):n2} of raw   {microseconds,6:n1} us CPU a record"));
        return rate;
    }
}
