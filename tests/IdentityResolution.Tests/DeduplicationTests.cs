using Commerce.Identity;
using Commerce.Streaming.IdentityResolution.Domain;

namespace Commerce.Streaming.IdentityResolution.Tests;

public sealed class DeduplicationTests
{
    private static readonly DeduplicationLimits Limits = new(TimeSpan.FromDays(7), MaxMessages: 80);
    private readonly InMemorySeen _seen = new();

    [Fact]
    public void Message_is_repeated_within_its_source_only()
    {
        IsRepeated("m1").ShouldBeFalse();
        IsRepeated("m1").ShouldBeTrue();

        var elsewhere = Given.Event("m1") with { Source = Given.Event("m1").Source with { Id = "other" } };
        Deduplication.IsRepeated(_seen, elsewhere, Limits).ShouldBeFalse();
    }

    [Fact]
    public void Message_is_remembered_for_the_window_and_not_for_ever()
    {
        IsRepeated("m1");
        for (var day = 1; day <= 7; day++)
        {
            IsRepeated($"d{day}", day);
            IsRepeated("m1", day).ShouldBeTrue();
        }
        for (var day = 8; day <= 9; day++) IsRepeated($"d{day}", day);
        IsRepeated("m1", 9).ShouldBeFalse();
    }

    [Fact]
    public void Messages_beyond_the_limit_are_forgotten_oldest_first()
    {
        for (var message = 0; message < 500; message++) IsRepeated($"m{message}").ShouldBeFalse();

        _seen.Count.ShouldBeInRange(70, 81);
        IsRepeated("m499").ShouldBeTrue();
        IsRepeated("m430").ShouldBeTrue();
        IsRepeated("m0").ShouldBeFalse();
    }

    private bool IsRepeated(string messageId, int day = 0) =>
        Deduplication.IsRepeated(_seen, Given.Event(messageId) with { ReceivedAt = Given.Noon.AddDays(day) }, Limits);

    private sealed class InMemorySeen : ISeenMessages
    {
        private readonly Dictionary<string, SeenMessage> _messages = new(StringComparer.Ordinal);

        public int Count => _messages.Count;

        public SeenMessage? Find(string key) => _messages.GetValueOrDefault(key);

        public void Keep(string key, SeenMessage seen) => _messages[key] = seen;

        public void Drop(string prefix)
        {
            foreach (var key in _messages.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToList()) _messages.Remove(key);
        }
    }
}
