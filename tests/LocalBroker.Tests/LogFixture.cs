using System.Text;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Topics;
using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>One partition's log in a folder of its own, with a clock that stands still.</summary>
internal sealed class LogFixture : IDisposable
{
    private readonly Dictionary<string, string> _settings;

    public LogFixture(params (string Name, string Value)[] settings)
    {
        Directory = TestBroker.NewDirectory();
        _settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        Log = Open();
    }

    public string Directory { get; }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(TestBatch.Time));

    public PartitionLog Log { get; private set; }

    public string[] Segments => [.. System.IO.Directory.GetFiles(Directory, "*.log").Order(StringComparer.Ordinal)];

    /// <summary>Opens the log as after an orderly stop.</summary>
    public void Restart()
    {
        Log.Close();
        Log = Open();
    }

    /// <summary>Opens the log as after a kill: without a last checkpoint, and with what <paramref name="damage"/> does to the files.</summary>
    public void Crash(Action? damage = null)
    {
        Log.Abandon();
        damage?.Invoke();
        Log = Open();
    }

    /// <summary>Every record that a reader gets, as "offset key=value"; aborted ones are left out when it reads what is committed.</summary>
    public List<string> Read(bool committed = false)
    {
        var found = new List<string>();
        for (var offset = Log.StartOffset; ;)
        {
            var plan = Log.PlanRead(offset, 1_000_000, committed, atLeastOne: true);
            plan.Error.ShouldBe(ErrorCode.None);
            if (plan.Slice is not { } slice)
                return found;
            var bytes = new byte[slice.Length];
            slice.Read(bytes, 0).ShouldBe(bytes.Length);
            slice.Dispose();
            offset = Decode(bytes, offset, plan.Aborted ?? [], found);
        }
    }

    public void Dispose()
    {
        Log.Abandon();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static long Decode(byte[] bytes, long offset, IReadOnlyList<AbortedTransaction> aborted, List<string> found)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var header = BatchHeader.Read(bytes.AsSpan(at));
            BatchHeader.HasValidCrc(bytes.AsSpan(at, header.TotalSize)).ShouldBeTrue();
            BatchBody.TryUnpack(bytes.AsMemory(at, header.TotalSize), header, out var body).ShouldBeTrue();
            var skipped = header.IsControl || aborted.Any(a => a.ProducerId == header.ProducerId && header.BaseOffset >= a.FirstOffset && header.BaseOffset < a.LastOffset);
            var reader = new RecordReader(body.Span);
            while (reader.TryRead(out var record))
            {
                if (!skipped && header.BaseOffset + record.OffsetDelta >= offset)
                    found.Add($"{header.BaseOffset + record.OffsetDelta} {Text(record.HasKey, record.Key)}={Text(record.HasValue, record.Value)}");
            }

            at += header.TotalSize;
            if (at >= bytes.Length)
                return header.LastOffset + 1;
        }

        return offset;
    }

    private static string Text(bool present, ReadOnlySpan<byte> bytes) => present ? Encoding.UTF8.GetString(bytes) : "null";

    private PartitionLog Open() => new("t", 0, Directory, new TopicConfig(_settings, new Dictionary<string, string>()), Clock);
}
