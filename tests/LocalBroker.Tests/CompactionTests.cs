using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Storage.Compaction;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class CompactionTests
{
    private static readonly (string Name, string Value)[] Compacted = [("cleanup.policy", "compact"), ("segment.bytes", "4096")];

    [Fact]
    public void The_latest_value_of_every_key_stays_at_its_offset()
    {
        using var fixture = new LogFixture(Compacted);
        Fill(fixture, 300, keys: 10);
        var expected = Latest(fixture.Read());
        fixture.Log.Compactor.CompactIfDue(TestBroker.Ended).ShouldBeTrue();
        var after = fixture.Read();
        Latest(after).ShouldBe(expected);
        after.Count.ShouldBeLessThan(100, "only the open segment may still hold superseded records");
        fixture.Log.NextOffset.ShouldBe(300);
    }

    [Fact]
    public void Compaction_survives_restarts_and_goes_on_from_where_it_was()
    {
        using var fixture = new LogFixture(Compacted);
        for (var round = 0; round < 5; round++)
        {
            Fill(fixture, 200, keys: 7 + round);
            var expected = Latest(fixture.Read());
            fixture.Log.Compactor.CompactIfDue(TestBroker.Ended).ShouldBeTrue();
            Latest(fixture.Read()).ShouldBe(expected);
            if (round % 2 == 0)
                fixture.Restart();
            else
                fixture.Crash();
            Latest(fixture.Read()).ShouldBe(expected);
        }

        fixture.Segments.Length.ShouldBeLessThan(6, "small segments are merged");
    }

    [Fact]
    public void A_tombstone_deletes_its_key_and_goes_itself_when_its_time_has_passed()
    {
        using var fixture = new LogFixture([.. Compacted, ("delete.retention.ms", "60000")]);
        fixture.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        TestBatch.Of(("gone", "value")).AppendTo(fixture.Log);
        TestBatch.Of(("gone", null)).AppendTo(fixture.Log);
        Fill(fixture, 200, keys: 5);
        fixture.Log.Compactor.CompactIfDue(TestBroker.Ended).ShouldBeTrue();
        fixture.Read().Where(record => record.Contains("gone")).ShouldBe(["1 gone=null"]);

        fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        Fill(fixture, 200, keys: 5);
        fixture.Log.Compactor.CompactIfDue(TestBroker.Ended).ShouldBeTrue();
        fixture.Read().ShouldNotContain(record => record.Contains("gone"));
    }

    [Fact]
    public void What_a_transaction_aborted_is_removed_and_does_not_supersede_what_was_committed()
    {
        using var fixture = new LogFixture(Compacted);
        TestBatch.Transactional(1, 0, 0, ("k", "committed")).AppendTo(fixture.Log);
        fixture.Log.AppendMarker(1, 0, commit: true, 0);
        TestBatch.Transactional(1, 0, 1, ("k", "aborted")).AppendTo(fixture.Log);
        fixture.Log.AppendMarker(1, 0, commit: false, 0);
        Fill(fixture, 200, keys: 5);
        fixture.Log.Compactor.CompactIfDue(TestBroker.Ended).ShouldBeTrue();
        fixture.Read(committed: true)[0].ShouldBe("0 k=committed");
        fixture.Read(committed: false).ShouldNotContain(record => record.Contains("aborted"));
        fixture.Crash(() => File.Delete(Path.Combine(fixture.Directory, "checkpoint")));
        fixture.Read(committed: true)[0].ShouldBe("0 k=committed");
        fixture.Log.LastStableOffset.ShouldBe(fixture.Log.NextOffset);
    }

    [Fact]
    public void Nothing_from_an_open_transaction_on_is_compacted()
    {
        using var fixture = new LogFixture(Compacted);
        TestBatch.Transactional(1, 0, 0, ("k", "open")).AppendTo(fixture.Log);
        Fill(fixture, 200, keys: 5);
        fixture.Log.Compactor.CompactIfDue(TestBroker.Ended).ShouldBeFalse();
        fixture.Log.AppendMarker(1, 0, commit: true, 0);
        fixture.Log.Compactor.CompactIfDue(TestBroker.Ended).ShouldBeTrue();
    }

    [Fact]
    public void A_reader_in_the_middle_of_a_segment_is_not_disturbed()
    {
        using var fixture = new LogFixture(Compacted);
        Fill(fixture, 200, keys: 5);
        using var slice = fixture.Log.PlanRead(3, 1_000_000, readCommitted: false, atLeastOne: true).Slice!;
        var before = new byte[slice.Length];
        slice.Read(before, 0);
        fixture.Log.Compactor.CompactIfDue(TestBroker.Ended).ShouldBeTrue();
        var after = new byte[slice.Length];
        slice.Read(after, 0);
        after.ShouldBe(before);
    }

    [Fact]
    public void A_crash_between_the_decision_and_its_end_is_finished_at_the_next_start()
    {
        using var fixture = new LogFixture(Compacted);
        Fill(fixture, 200, keys: 5);
        var expected = fixture.Read();
        fixture.Crash(() =>
        {
            var names = fixture.Segments.Take(3).Select(Path.GetFileNameWithoutExtension).ToList();
            var swap = Path.Combine(fixture.Directory, $"{names[0]}-{names[2]}.swap");
            File.WriteAllBytes(swap, [.. File.ReadAllBytes(fixture.Segments[0]), .. File.ReadAllBytes(fixture.Segments[1])]);
            File.Delete(fixture.Segments[0]);
            File.WriteAllText(Path.Combine(fixture.Directory, $"{names[2]}.cleaned"), "half");
        });
        fixture.Read().ShouldBe(expected);
        Directory.GetFiles(fixture.Directory, "*.swap").Concat(Directory.GetFiles(fixture.Directory, "*.cleaned")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(BatchCodec.Gzip)]
    [InlineData(BatchCodec.Snappy)]
    [InlineData(BatchCodec.Lz4)]
    [InlineData(BatchCodec.Zstd)]
    public void Records_come_out_of_every_codec_as_they_went_in(int codec)
    {
        var plain = TestBatch.Of(("a", "1"), ("b", new string('x', 10_000)));
        var packed = BatchBody.Pack(plain.AsSpan(BatchHeader.Size), codec);
        var batch = new byte[BatchHeader.Size + packed.Length];
        plain.AsSpan(0, BatchHeader.Size).CopyTo(batch);
        packed.Span.CopyTo(batch.AsSpan(BatchHeader.Size));
        batch[22] = (byte)codec;
        BatchBody.TryUnpack(batch, BatchHeader.Read(batch), out var body).ShouldBeTrue();
        body.ToArray().ShouldBe(plain[BatchHeader.Size..]);
    }

    [Fact]
    public void Age_and_size_delete_whole_segments_from_the_front()
    {
        using var fixture = new LogFixture(("segment.bytes", "4096"), ("retention.bytes", "6000"), ("retention.ms", "60000"));
        Fill(fixture, 300, keys: 300);
        fixture.Log.Upkeep.ApplyRetention().ShouldBeGreaterThan(0);
        fixture.Log.SizeInBytes.ShouldBeInRange(6_000, 10_200);
        fixture.Log.StartOffset.ShouldBeGreaterThan(0);
        fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        fixture.Log.Upkeep.ApplyRetention();
        fixture.Log.Upkeep.ApplyRetention();
        fixture.Log.StartOffset.ShouldBe(300);
        fixture.Restart();
        fixture.Log.StartOffset.ShouldBe(300);
        TestBatch.Of(("next", "v")).AppendTo(fixture.Log).BaseOffset.ShouldBe(300);
    }

    [Fact]
    public void Closed_segments_keep_their_age_and_their_indexes_over_a_restart()
    {
        using var fixture = new LogFixture(("segment.bytes", "4096"), ("index.interval.bytes", "200"), ("retention.ms", "60000"));
        Fill(fixture, 300, keys: 300);
        var before = IndexBytes(fixture);
        fixture.Restart();
        fixture.Log.Upkeep.ApplyRetention().ShouldBe(0);
        fixture.Read().Count.ShouldBe(300);
        IndexBytes(fixture).ShouldBeGreaterThanOrEqualTo(before);
        TimeSearch.Latest(fixture.Log).Timestamp.ShouldBe(TestBatch.Time);
    }

    private static long IndexBytes(LogFixture fixture) => Directory.GetFiles(fixture.Directory, "*index").Sum(path => new FileInfo(path).Length);

    private static void Fill(LogFixture fixture, int records, int keys)
    {
        for (var i = 0; i < records; i += 2)
            TestBatch.Of(($"key{i % keys}", $"{i}"), ($"key{(i + 1) % keys}", $"{i + 1}")).AppendTo(fixture.Log);
    }

    private static List<string> Latest(IEnumerable<string> records)
    {
        var latest = new Dictionary<string, string>();
        foreach (var record in records)
            latest[record.Split(' ')[1].Split('=')[0]] = record;
        return [.. latest.Values.Order(StringComparer.Ordinal)];
    }
}
