using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>The topics of one run, new for every run.</summary>
internal sealed class RigTopics(string run)
{
    private const int Partitions = 6;
    private const int Outputs = 6;
    private const int Stores = 2;

    public Topic<Tally> Input { get; } = TestTopics.Tallies($"rig.{run}.in", Partitions);
    public Topic<DeadLetter> DeadLetters { get; } = TestTopics.DeadLetters($"rig.{run}.dlq", Partitions);

    public IEnumerable<Topic> All =>
        [Input, DeadLetters, .. Enumerable.Range(0, Outputs).Select(OutputOf), .. Enumerable.Range(0, Stores).Select(store => StoreOf(store).Changelog)];

    public Topic<Tally> OutputOf(int contender) => TestTopics.Tallies($"rig.{run}.out.{contender}", Partitions);

    public Store<Tally> StoreOf(int contender) =>
        new("counts", TestTopics.Tallies($"rig.{run}.changelog.{contender}", Partitions, compact: true));
}
