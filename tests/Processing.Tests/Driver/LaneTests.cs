using System.Globalization;
using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;
using Commerce.Streaming.Processing.Testing;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Tests.Driver;

/// <summary>Records side by side do what they do one after the other.</summary>
public sealed class LaneTests
{
    private const int Records = 4_000;
    private const int BatchRecords = 100;
    private static readonly TopologyTimer Later = TopologyTimer.InProcessingTime("later");

    private readonly TestClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly PlainAvroSerdes _serdes = new();
    private readonly Topic<Tally> _input = TestTopics.Tallies("lanes.in", partitions: 1);
    private readonly Topic<Tally> _output = TestTopics.Tallies("lanes.out", partitions: 1);
    private readonly Store<Tally> _counts = new("counts", TestTopics.Tallies("lanes.counts", partitions: 1, compact: true));

    [Fact]
    public void Outputs_state_timers_dead_letters_and_their_order_are_those_of_one_lane()
    {
        var records = RandomRecords();

        var oneByOne = Run(records, lanes: 1);

        oneByOne.Count.ShouldBeGreaterThan(Records);
        foreach (var lanes in new[] { 2, 7 })
            Run(records, lanes).Zip(oneByOne).FirstOrDefault(pair => pair.First != pair.Second).ShouldBe((null!, null!));
    }

    [Fact]
    public void State_of_another_key_is_refused_even_with_one_lane()
    {
        var topology = Topology.Named("lanes").WithState(_counts).InParallelByKey()
            .From(_input, (_, context) => context.Get(_counts, "other"))
            .DeadLettersTo(TestTopics.DeadLetters("lanes.dlq", 1));

        Should.Throw<TopologyException>(() => new TopologyTestDriver(topology).PipeIn(_input, "own", Tally.Of(1))).Message.ShouldContain("'|'");
    }

    private List<string> Run(IReadOnlyList<InputRecord> records, int lanes)
    {
        var topology = Build();
        var engine = new TopologyEngine(topology, _serdes, _clock, recordBytesMax: 100_000);
        engine.Assign(engine.CreateTask(0));
        var sink = new Sink();
        using var telemetry = new TopologyTelemetry(topology, new LagTracker(_clock));
        var side = new Lanes(engine, lanes, telemetry, _clock, Lanes.OnPool);
        foreach (var batch in records.Chunk(BatchRecords))
        {
            if (lanes == 1)
            {
                foreach (var record in batch)
                    engine.Process(record, attempts: 1, outgoing: null, sink);
            }
            else
            {
                foreach (var prepared in side.Prepare([.. batch.Select(record => new Attempt(record, 1))]).ShouldNotBeNull())
                    engine.Apply(prepared, sink);
            }

            foreach (var write in engine.PrepareCommit().Writes)
                sink.Lines.Add($"{write.Store.Name} {write.Key} {Convert.ToHexString(write.Value ?? [])}");
            engine.AcceptTransaction();
        }

        return sink.Lines;
    }

    private Topology Build() =>
        Topology.Named("lanes")
            .WithState(_counts)
            .WithTimers(TestTopics.Timers("lanes.timers", 1))
            .From(_input, Count)
            .OnTimer(Later, static (_, _) => { })
            .InParallelByKey()
            .To(_output)
            .DeadLettersTo(TestTopics.DeadLetters("lanes.dlq", 1));

    private void Count(Record<Tally> record, IProcessingContext context)
    {
        var total = (context.Get(_counts, record.Key)?.Count ?? 0) + record.Value.Count;
        context.Put(_counts, record.Key, Tally.Of(total));
        context.Put(_counts, $"{record.Key}|{record.Offset % 5}", Tally.Of(record.Offset));
        if (record.Offset % 7 == 0)
            context.Delete(_counts, record.Key + "|3");
        context.Send(_output, record.Key, Tally.Of(total, $"{context.Range(_counts, record.Key + "|").Sum(entry => entry.Value.Count)}"));
        context.Schedule(Later, record.Key, record.Timestamp);
        if (record.Value.Count == 13)
            throw new InvalidOperationException("poison");
    }

    private List<InputRecord> RandomRecords()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Records).Select(offset => new InputRecord
        {
            TopicPartitionOffset = new TopicPartitionOffset(_input.Name, 0, offset),
            Message = new Message<byte[]?, byte[]?>
            {
                Key = random.Next(100) == 0 ? [0xff] : Encoding.UTF8.GetBytes("key-" + random.Next(40).ToString(CultureInfo.InvariantCulture)),
                Value = random.Next(100) == 0 ? [1] : _serdes.For(_input).Write(Tally.Of(random.Next(20))),
                Timestamp = new Timestamp(_clock.GetUtcNow()),
                Headers = [],
            },
        })];
    }

    private sealed class Sink : IOutputSink
    {
        public List<string> Lines { get; } = [];

        public void Send(in OutputRecord record) =>
            Lines.Add($"{record.Topic} {Encoding.UTF8.GetString(record.Key)} {Convert.ToHexString(record.Value ?? [])}");
    }
}
