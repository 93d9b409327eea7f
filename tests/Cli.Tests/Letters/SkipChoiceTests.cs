using Commerce.Processing;
using Commerce.Streaming.Cli.Commands.Letters;
using Commerce.Streaming.DeadLetters;

namespace Commerce.Streaming.Cli.Tests.Letters;

/// <summary>Which letters `dlq skip` passes over: never more than were asked for, and behind a first letter only when its key was named.</summary>
public sealed class SkipChoiceTests
{
    [Theory]
    [InlineData("shop/A", 1, new[] { 1 })]
    [InlineData("shop/A", 4, new[] { 3, 1 })]
    [InlineData("shop/A", 100, new[] { 3, 2 })]
    [InlineData(null, 1, new[] { 1 })]
    [InlineData(null, 100, new[] { 1, 1 })]
    public void As_many_as_were_asked_for_from_those_whose_turn_it_is(string? key, int count, int[] chosen) =>
        SkipLettersCommand.Choose([Line("one", 3), Line("two", 2)], new SkipLettersOptions { Key = key, Reason = "deserialization", Count = count })
            .Select(each => each.Count).ShouldBe(chosen);

    private static WaitingLine Line(string id, long letters) => new(id, Partition: 0, new ParkedKey { Line = id, Next = 5, Last = 4 + letters, Attempts = 1, Reason = "deserialization", Since = DateTimeOffset.UnixEpoch }, []);
}
