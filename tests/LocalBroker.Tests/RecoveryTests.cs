using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class RecoveryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(70)]
    public void A_torn_last_batch_is_cut_off_and_its_offset_is_given_again(int bytesLost)
    {
        using var fixture = new LogFixture();
        Append(fixture, "a", "b", "c");
        fixture.Crash(() => Cut(fixture.Segments[0], bytesLost));
        fixture.Read().ShouldBe(["0 a=a", "1 b=b"]);
        TestBatch.Of(("d", "d")).AppendTo(fixture.Log).BaseOffset.ShouldBe(2);
    }

    [Fact]
    public void Damaged_bytes_after_the_checkpoint_end_the_log_there()
    {
        using var fixture = new LogFixture();
        Append(fixture, "a");
        fixture.Log.Upkeep.Checkpoint();
        Append(fixture, "b", "c");
        fixture.Crash(() => Flip(fixture.Segments[0], new FileInfo(fixture.Segments[0]).Length - 80));
        fixture.Read().ShouldBe(["0 a=a"]);
    }

    [Fact]
    public void Without_a_checkpoint_everything_is_found_again()
    {
        using var fixture = new LogFixture(("segment.bytes", "4096"), ("index.interval.bytes", "100"));
        for (var i = 0; i < 200; i++)
            TestBatch.Idempotent(7, 0, i, ($"k{i}", new string('v', 50))).AppendTo(fixture.Log);
        fixture.Segments.Length.ShouldBeGreaterThan(3);
        var before = fixture.Read();
        fixture.Log.Upkeep.Checkpoint();
        fixture.Crash(() =>
        {
            File.Delete(Path.Combine(fixture.Directory, "checkpoint"));
            foreach (var index in Directory.GetFiles(fixture.Directory, "*index"))
                File.Delete(index);
        });
        fixture.Read().ShouldBe(before);
        TestBatch.Idempotent(7, 0, 199, ("k199", "again")).AppendTo(fixture.Log).BaseOffset.ShouldBe(199);
        TestBatch.Idempotent(7, 0, 205, ("k205", "gap")).AppendTo(fixture.Log).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
    }

    [Fact]
    public void A_checkpoint_that_claims_more_than_the_file_holds_is_not_believed()
    {
        using var fixture = new LogFixture();
        Append(fixture, "a", "b");
        fixture.Log.Upkeep.Checkpoint();
        fixture.Crash(() => Cut(fixture.Segments[0], 5));
        fixture.Read().ShouldBe(["0 a=a"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Producers_and_transactions_are_known_again(bool orderly)
    {
        using var fixture = new LogFixture();
        TestBatch.Idempotent(1, 0, 0, ("a", "1"), ("b", "1")).AppendTo(fixture.Log);
        TestBatch.Transactional(2, 3, 0, ("c", "aborted")).AppendTo(fixture.Log);
        fixture.Log.AppendMarker(2, 3, commit: false, 0);
        TestBatch.Transactional(3, 0, 0, ("d", "open")).AppendTo(fixture.Log);
        if (orderly)
            fixture.Restart();
        else
            fixture.Crash();
        TestBatch.Idempotent(1, 0, 0, ("a", "1"), ("b", "1")).AppendTo(fixture.Log).BaseOffset.ShouldBe(0, "the repeated batch keeps its offset");
        TestBatch.Idempotent(1, 0, 2, ("e", "1")).AppendTo(fixture.Log).BaseOffset.ShouldBe(5);
        fixture.Log.LastStableOffset.ShouldBe(4);
        fixture.Read(committed: true).ShouldBe(["0 a=1", "1 b=1"]);
        fixture.Log.AppendMarker(3, 0, commit: true, 0);
        fixture.Read(committed: true).ShouldBe(["0 a=1", "1 b=1", "4 d=open", "5 e=1"]);
    }

    [Fact]
    public void A_fenced_epoch_stays_fenced_after_a_crash()
    {
        using var fixture = new LogFixture();
        TestBatch.Transactional(2, 3, 0, ("a", "1")).AppendTo(fixture.Log);
        fixture.Log.AppendMarker(2, 4, commit: false, 0);
        fixture.Crash();
        TestBatch.Transactional(2, 3, 1, ("a", "2")).AppendTo(fixture.Log).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
        TestBatch.Transactional(2, 4, 5, ("a", "2")).AppendTo(fixture.Log).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        TestBatch.Transactional(2, 4, 0, ("a", "2")).AppendTo(fixture.Log).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void A_producer_is_forgotten_a_day_after_its_last_batch_whatever_the_times_in_its_records()
    {
        using var fixture = new LogFixture();
        fixture.Clock.Advance(TimeSpan.FromDays(30));
        TestBatch.Idempotent(1, 0, 0, ("a", "1")).AppendTo(fixture.Log);
        fixture.Log.Upkeep.ExpireProducers(TimeSpan.FromDays(1));
        TestBatch.Idempotent(1, 0, 0, ("a", "1")).AppendTo(fixture.Log).BaseOffset.ShouldBe(0);
        TestBatch.Idempotent(1, 0, 9, ("a", "2")).AppendTo(fixture.Log).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        fixture.Log.Upkeep.ExpireProducers(TimeSpan.FromDays(1));
        TestBatch.Idempotent(1, 0, 9, ("a", "2")).AppendTo(fixture.Log).BaseOffset.ShouldBe(1);
    }

    [Fact]
    public void A_second_broker_is_kept_out_of_the_folder()
    {
        var directory = TestBroker.NewDirectory();
        using (Commerce.Streaming.LocalBroker.Server.DataDirectoryLock.Take(directory))
            Should.Throw<IOException>(() => Commerce.Streaming.LocalBroker.Server.DataDirectoryLock.Take(directory)).Message.ShouldContain(directory);
        Commerce.Streaming.LocalBroker.Server.DataDirectoryLock.Take(directory).Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static void Append(LogFixture fixture, params string[] values)
    {
        foreach (var value in values)
            TestBatch.Of((value, value)).AppendTo(fixture.Log).Error.ShouldBe(ErrorCode.None);
    }

    private static void Cut(string path, int bytes)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length - bytes);
    }

    private static void Flip(string path, long position)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Position = position;
        var value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)~value);
    }
}
