using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.FetchWatch.Tests;

public sealed class FetchProgressTests
{
    private static readonly TopicPartition Orders = new("orders", 0);
    private static readonly TopicPartition Stock = new("stock", 3);
    private readonly FakeTimeProvider _clock = new();
    private readonly FetchProgress _progress;

    public FetchProgressTests()
    {
        _progress = new FetchProgress(_clock, TimeSpan.FromSeconds(60));
        _progress.Watch([Orders, Stock]);
        _progress.Delivered(Orders, 10);
        _progress.Delivered(Stock, 0);
    }

    [Fact]
    public void A_partition_with_more_of_which_nothing_comes_for_a_minute_of_empty_polls_is_stalled()
    {
        for (var seconds = 0; seconds < 60; seconds += 10)
        {
            Asked(orders: 11);
            _progress.Stalled.ShouldBeNull();
        }

        Asked(orders: 11);
        _progress.Stalled.ShouldBe(Orders);
    }

    [Fact]
    public void One_of_which_nothing_was_ever_heard_is_stalled_even_if_it_holds_nothing()
    {
        var silent = new TopicPartition("orders", 1);
        _progress.Watch([silent]);
        for (var asked = 0; asked < 7; asked++)
            Asked(orders: 10, (silent, 0));
        _progress.Stalled.ShouldBe(silent);
    }

    [Fact]
    public void One_that_delivers_is_not_however_far_behind()
    {
        for (var next = 11; next < 31; next++)
        {
            Asked(orders: 1_000_000);
            _progress.Delivered(Orders, next);
        }

        _progress.Stalled.ShouldBeNull();
    }

    [Fact]
    public void One_whose_consumer_is_busy_with_others_is_not()
    {
        for (var asked = 0; asked < 20; asked++)
        {
            _progress.Ends(new Dictionary<TopicPartition, long> { [Orders] = 11 });
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        _progress.Stalled.ShouldBeNull();
    }

    [Fact]
    public void Time_does_not_count_while_Kafka_is_away()
    {
        for (var asked = 0; asked < 12; asked++)
        {
            Asked(orders: 11);
            if (asked % 5 == 4)
                _progress.NoAnswer();
        }

        _progress.Stalled.ShouldBeNull();
    }

    [Fact]
    public void A_partition_that_is_paused_or_revoked_is_not_watched()
    {
        Asked(orders: 11);
        _progress.Ignore([Orders]);
        for (var asked = 0; asked < 12; asked++)
            Asked(orders: 11);
        _progress.Stalled.ShouldBeNull();
        _progress.Watched.ShouldBe([Stock]);
    }

    [Fact]
    public void Markers_at_the_end_of_a_partition_are_read_once_its_end_is_delivered()
    {
        Asked(orders: 11);
        _progress.Delivered(Orders, 11);
        for (var asked = 0; asked < 12; asked++)
            Asked(orders: 11);
        _progress.Stalled.ShouldBeNull();
    }

    private void Asked(long orders, (TopicPartition Partition, long End)? other = null)
    {
        var ends = new Dictionary<TopicPartition, long> { [Orders] = orders, [Stock] = 0 };
        if (other is { } more)
            ends[more.Partition] = more.End;
        _progress.Ends(ends);
        _progress.CameBackEmpty();
        _clock.Advance(TimeSpan.FromSeconds(10));
    }
}
