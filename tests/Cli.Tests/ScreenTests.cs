using Commerce.Streaming.Cli.CommandLine;

namespace Commerce.Streaming.Cli.Tests;

public sealed class ScreenTests
{
    [Theory]
    [InlineData("sample-shop/SKU-1 ä", "sample-shop/SKU-1 ä")]
    [InlineData("a\u001b[2Jb\r\nc\u009b", "a\uFFFD[2Jb\uFFFD\uFFFDc\uFFFD")]
    public void What_a_terminal_would_obey_is_not_shown(string text, string shown) => Screen.Harmless(text).ShouldBe(shown);
}
