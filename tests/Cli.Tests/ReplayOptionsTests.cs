using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Commands.Replay;

namespace Commerce.Streaming.Cli.Tests;

public sealed class ReplayOptionsTests
{
    [Theory]
    [InlineData("max", null)]
    [InlineData("3600x", 3600.0)]
    [InlineData("0.5x", 0.5)]
    [InlineData("10", 10.0)]
    public void Speed_is_max_or_a_factor(string speed, double? factor) => new ReplayRetailOptions { Speed = speed }.SpeedFactor().ShouldBe(factor);

    [Theory]
    [InlineData("fast")]
    [InlineData("0x")]
    [InlineData("-3x")]
    [InlineData("")]
    public void Any_other_speed_is_a_usage_error(string speed) =>
        Should.Throw<CliException>(() => new ReplayRetailOptions { Speed = speed }.SpeedFactor()).ExitCode.ShouldBe(ExitCodes.Usage);

    [Fact]
    public void File_that_is_not_there_is_a_usage_error() =>
        Should.Throw<CliException>(() => RetailInput.Read("/no/such/file.csv", path => path)).ExitCode.ShouldBe(ExitCodes.Usage);

    [Fact]
    public void File_that_is_something_else_is_explained()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "a,b\n1,2\n");

        Should.Throw<CliException>(() => RetailInput.Plan(file, new())).Message.ShouldContain("no column InvoiceNo");
        File.Delete(file);
    }
}
