using Commerce.Processing;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>The topics of one run, new for every run.</summary>
internal sealed class RigTopics(string run)
{
    private const int Partitions = 6;

    public Topic<Tally> Input { get; } = TestTopics.Tallies($"rig.{run}.in", Partitions);
    public Topic<Tally> Changelog { get; } = TestTopics.Tallies($"rig.{run}.changelog", Partitions, compact: true);
    public Topic<DeadLetter> DeadLetters { get; } = TestTopics.DeadLetters($"rig.{run}.dlq", Partitions);

    public Topic<Tally> OutputOf(string contender) => TestTopics.Tallies($"rig.{run}.out.{contender}", Partitions);
}
