using System.Text;
using Commerce.Streaming.Cli.Commands;

namespace Commerce.Streaming.Cli.Tests;

public sealed class LogTailTests
{
    [Theory]
    [InlineData("a\nb\nc\n", 2, "b\nc\n")]
    [InlineData("a\nb\nc", 2, "b\nc")]
    [InlineData("a\nb\n", 5, "a\nb\n")]
    [InlineData("a\nb\n", 0, "")]
    [InlineData("", 3, "")]
    [InlineData("\n\n\n", 2, "\n\n")]
    public void Last_lines_are_found(string text, int lines, string expected) => Tail(text, lines).ShouldBe(expected);

    [Fact]
    public void Lines_longer_than_a_block_are_found()
    {
        var lines = Enumerable.Range(0, 5).Select(number => new string((char)('a' + number), 100_000) + "\n").ToList();
        Tail(string.Concat(lines), 2).ShouldBe(lines[3] + lines[4]);
    }

    private static string Tail(string text, int lines)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var start = (int)LogTail.StartOfLast(new MemoryStream(bytes), lines);
        return Encoding.UTF8.GetString(bytes[start..]);
    }
}
