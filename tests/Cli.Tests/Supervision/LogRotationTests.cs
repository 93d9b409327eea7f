using Commerce.Streaming.Cli.Supervision;

namespace Commerce.Streaming.Cli.Tests.Supervision;

public sealed class LogRotationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Small_log_stays()
    {
        File.WriteAllText(Log, "one\n");
        LogRotation.RotateIfLarge(Log, largestBytes: 100);
        File.ReadAllText(Log).ShouldBe("one\n");
        File.Exists(Log + ".1").ShouldBeFalse();
    }

    [Fact]
    public void Large_log_is_cut_under_its_writer_and_kept_beside()
    {
        using var writer = new StreamWriter(new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        writer.Write("first\n");
        LogRotation.RotateIfLarge(Log, largestBytes: 1);
        File.ReadAllText(Log + ".1").ShouldBe("first\n");
        new FileInfo(Log).Length.ShouldBe(0);
    }

    [Fact]
    public void Only_the_newest_old_logs_are_kept()
    {
        foreach (var content in new[] { "1", "2", "3", "4" })
        {
            File.WriteAllText(Log, content);
            LogRotation.RotateIfLarge(Log, largestBytes: 1);
        }
        File.ReadAllText(Log + ".1").ShouldBe("4");
        File.ReadAllText(Log + ".2").ShouldBe("3");
        File.Exists(Log + ".3").ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private string Log => _folder.At("service.log");
}
