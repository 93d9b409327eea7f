using Commerce.Streaming.Cli.CommandLine;

namespace Commerce.Streaming.Cli.Tests;

public sealed class ShellQuoteTests
{
    [Theory]
    [InlineData("postgresql://u:p@127.0.0.1:17004/commerce", "postgresql://u:p@127.0.0.1:17004/commerce")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("?options=-c&x=$(id)", "'?options=-c&x=$(id)'")]
    [InlineData("", "''")]
    public void Result_is_one_word(string value, string expected) => ShellQuote.Quote(value).ShouldBe(expected);
}
