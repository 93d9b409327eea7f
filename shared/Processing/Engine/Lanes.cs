using Commerce.Streaming.Processing.Runtime;
using Commerce.Streaming.Processing.Telemetry;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>
/// Decodes and handles a batch of records side by side, those of one key in one lane and in order. Nothing is changed meanwhile; what was
/// worked out is done afterwards by the loop's thread, record by record in the order of the log, so that commits, outputs and dead letters
/// are what they would be with one lane.
/// </summary>
internal sealed class Lanes
{
    private readonly TopologyEngine _engine;
    private readonly TopologyTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly Action<int, Action<int>> _run;
    private readonly Lane[] _lanes;

    /// <param name="run">Runs a function for each of so many lanes and waits for all.</param>
    public Lanes(TopologyEngine engine, int count, TopologyTelemetry telemetry, TimeProvider clock, Action<int, Action<int>> run)
    {
        _engine = engine;
        _telemetry = telemetry;
        _clock = clock;
        _run = run;
        _lanes = [.. Enumerable.Range(0, count).Select(_ => new Lane(engine.NewLaneContext(), engine.BindInputs()))];
    }

    public int Count => _lanes.Length;

    /// <summary>Side by side on the thread pool, one lane on the caller's thread.</summary>
    public static void OnPool(int count, Action<int> lane) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, lane);

    /// <summary>What each record does, in the order given; null when something stands in the way that only one record at a time can sort out.</summary>
    public IReadOnlyList<PreparedRecord>? Prepare(IReadOnlyList<Attempt> batch)
    {
        var prepared = new PreparedRecord[batch.Count];
        foreach (var lane in _lanes)
            lane.Work.Clear();
        for (var index = 0; index < batch.Count; index++)
        {
            prepared[index] = new PreparedRecord(batch[index].Record, batch[index].Number);
            // A key that is none belongs nowhere: it is poison in whatever lane.
            var key = Keys.TryFromBytes(batch[index].Record.Message.Key);
            _lanes[key is null ? 0 : KeyRoot.LaneOf(key, Count)].Work.Add(prepared[index]);
        }

        try
        {
            _run(Count, index => Run(_lanes[index]));
            return prepared;
        }
        catch (Exception)
        {
            // One by one it shows which record it is, and what has to be done first.
            return null;
        }
    }

    private void Run(Lane lane)
    {
        lane.Context.Reset();
        foreach (var record in lane.Work)
        {
            var started = _clock.GetTimestamp();
            using var trace = _telemetry.StartProcess(record.Raw);
            record.Trace = trace;
            _engine.Prepare(record, lane.Context, lane.Inputs);
            record.Duration = _clock.GetElapsedTime(started);
        }
    }

    private sealed record Lane(LaneContext Context, IReadOnlyDictionary<string, BoundInput> Inputs)
    {
        public List<PreparedRecord> Work { get; } = [];
    }
}
