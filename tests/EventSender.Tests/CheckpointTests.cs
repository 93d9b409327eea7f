namespace Commerce.Streaming.EventSender.Tests;

public sealed class CheckpointTests : IDisposable
{
    private static readonly NumberedCalls Calls = new(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint").FullName;

    [Fact]
    public void Interrupted_run_is_found_again_with_everything_it_knew()
    {
        var state = new SendState
        {
            Fingerprint = Calls.Fingerprint,
            Position = 4,
            Accepted = 3,
            RefusedUnexpectedly = 1,
            Refusals = [new Refusal(2, "quarantined", "reason", "detail")],
        };

        new Checkpoint(_folder).Save(state);

        var read = new Checkpoint(_folder).Interrupted(Calls)!;
        (read with { Refusals = state.Refusals }).ShouldBe(state);
        read.Refusals.ShouldBe(state.Refusals);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Run_that_has_not_begun_or_has_ended_starts_anew(int position)
    {
        var checkpoint = new Checkpoint(_folder);
        checkpoint.Save(new SendState { Fingerprint = Calls.Fingerprint, Position = position });

        checkpoint.Interrupted(Calls).ShouldBeNull();
    }

    [Fact]
    public void Unreadable_file_starts_anew()
    {
        File.WriteAllText(Path.Combine(_folder, "numbered.json"), "{");

        new Checkpoint(_folder).Interrupted(Calls).ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
