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
    private static readonly string[] Contenders = ["raw", "stateless", "state", "view", "streamiz"];
    private readonly RigTopics _topics = new(Guid.NewGuid().ToString("N")[..8]);
    private TimeSpan _cpu;
    private double _raw;

    public async Task RunAsync()
    {
        using (var provisioner = new Provisioner(options.Kafka, options.SchemaRegistry))
        {
            await provisioner.ProvisionAsync(
                [_topics.Input, _topics.DeadLetters, .. Contenders.Select(_topics.OutputOf)]);
        }

        Fill();
        Console.WriteLine($"{options.Records:n0} records, {options.Keys:n0} keys");
        _cpu = Environment.CpuUsage.TotalTime;
        _raw = Report("raw loop", RawLoop.Run(options, _topics.Input.Name, _topics.OutputOf("raw").Name), null);
        await RunAsync("stateless", null);
        await RunAsync("state", new Store<Tally>("counts", TestTopics.Tallies(_topics.Changelog.Name + ".1", _topics.Input.Partitions, compact: true)));
        await RunAsync("view", new Store<Tally>("counts", TestTopics.Tallies(_topics.Changelog.Name + ".2", _topics.Input.Partitions, compact: true)));
        _cpu = Environment.CpuUsage.TotalTime;
        Report("streamiz", await new StreamizContender(options).RunAsync(_topics.Input.Name, _topics.OutputOf("streamiz").Name), _raw);
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
            var value = serializer.Serialize(Tally.Of(index, note), new SerializationContext(MessageComponentType.Value, _topics.Input.Name));
            producer.Produce(_topics.Input.Name, new Message<byte[], byte[]> { Key = key, Value = value });
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

        _cpu = Environment.CpuUsage.TotalTime;
        var contender = new TopologyContender(options);
        var output = _topics.OutputOf(name);
        var topology = Topology.Named($"{_topics.Input.Name}.{name}").To(output).DeadLettersTo(_topics.DeadLetters);
        if (store is null)
        {
            topology.From(_topics.Input, (record, context) =>
            {
                contender.Saw();
                context.Send(output, record.Key, Tally.Of(record.Value.Count + 1, record.Value.Note));
            });
        }
        else
        {
            topology.WithState(store).From(_topics.Input, (record, context) =>
            {
                contender.Saw();
                var count = (context.Get(store, record.Key)?.Count ?? 0) + 1;
                context.Put(store, record.Key, Tally.Of(count));
                context.Send(output, record.Key, Tally.Of(count));
            });
            if (name == "view")
            {
                topology.ViewedIn(RedisView.AsHash(
                    store, _topics.Input.Name + ":", (_, tally) => [new("count", tally.Count.ToString(CultureInfo.InvariantCulture))]));
            }
        }

        Report(name, await contender.RunAsync(topology), _raw);
    }

    private double Report(string name, TimeSpan time, double? baseline)
    {
        var rate = options.Records / time.TotalSeconds;
        // On a machine that others use, too, the processor time tells more than the clock.
        var microseconds = (Environment.CpuUsage.TotalTime - _cpu).TotalMicroseconds / options.Records;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-12} {rate,12:n0} records/s   {(baseline is { } other ? rate / other : 1):n2} of raw   {microseconds,6:n1} us CPU a record"));
        return rate;
    }
}
