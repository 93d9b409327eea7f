using Commerce.Streaming.Ingest.Domain;
using Commerce.Streaming.Ingest.Sources;

namespace Commerce.Streaming.Ingest.Tests.Domain;

public sealed class TimeRulesTests
{
    [Theory]
    [InlineData("\"2026-05-31T10:00:00.123Z\"", "2026-05-31T10:00:00.123Z")]
    [InlineData("\"2026-05-31T12:00:00+02:00\"", "2026-05-31T10:00:00Z")]
    [InlineData("\"2026-05-31T10:00:00\"", "2026-05-31T10:00:00Z")]
    [InlineData("\"2026-05-31 10:00:00\"", "2026-05-31T10:00:00Z")]
    [InlineData("\"2026-05-31\"", "2026-05-31T00:00:00Z")]
    [InlineData("1780221600", "2026-05-31T10:00:00Z")]
    [InlineData("1780221600123", "2026-05-31T10:00:00.123Z")]
    [InlineData("\"1780221600123\"", "2026-05-31T10:00:00.123Z")]
    [InlineData("null", "2026-06-01T12:00:00Z")]
    public void Times_are_read_as_senders_write_them(string timestamp, string expected) =>
        Event($"\"timestamp\":{timestamp}").Timestamp.ShouldBe(Time(expected));

    [Theory]
    [InlineData("\"tomorrow\"")]
    [InlineData("\"31.05.2026\"")]
    [InlineData("\"05/31/2026\"")]
    [InlineData("-5")]
    [InlineData("1e40")]
    [InlineData("true")]
    [InlineData("\"2026-02-30T00:00:00Z\"")]
    public void What_is_no_time_is_refused(string timestamp) =>
        Reading.Reason($$"""{"type":"track","event":"A","userId":"u","timestamp":{{timestamp}}}""").ShouldBe(Reasons.InvalidTimestamp);

    [Fact]
    public void A_clock_that_is_wrong_is_corrected_by_what_it_is_wrong()
    {
        // The sender is an hour behind: 10:00 of its clock is 11:00 of ours.
        var read = Event("""
            "timestamp":"2026-06-01T10:00:00Z","sentAt":"2026-06-01T11:00:00Z"
            """);
        read.Timestamp.ShouldBe(Time("2026-06-01T11:00:00Z"));
        read.OriginalTimestamp.ShouldBe(Time("2026-06-01T10:00:00Z"));
        read.SentAt.ShouldBe(Time("2026-06-01T11:00:00Z"));
        read.ReceivedAt.ShouldBe(Reading.Now);
    }

    [Fact]
    public void The_way_here_is_no_clock_error() =>
        Event("""
            "timestamp":"2010-12-01T08:26:00Z","sentAt":"2026-06-01T11:59:57Z"
            """).Timestamp.ShouldBe(Time("2010-12-01T08:26:00Z"));

    [Fact]
    public void The_batchs_sentAt_is_newer_than_the_events() =>
        Reading.Event(
                """{"type":"track","event":"A","userId":"u","originalTimestamp":"2026-06-01T10:00:00Z","sentAt":"2026-06-01T10:00:00Z"}""",
                batchSentAt: Reading.Now)
            .Timestamp.ShouldBe(Time("2026-06-01T10:00:00Z"));

    [Fact]
    public void Without_a_time_of_its_own_an_event_happened_when_it_was_received() =>
        Event("\"sentAt\":\"2026-06-01T11:00:00Z\"").Timestamp.ShouldBe(Reading.Now);

    [Theory]
    [InlineData("2026-06-01T12:04:00Z")]
    [InlineData("2026-06-02T11:59:00Z")]
    public void A_little_ahead_is_now(string timestamp) => Event($"\"timestamp\":\"{timestamp}\"").Timestamp.ShouldBe(Reading.Now);

    [Fact]
    public void More_than_a_day_ahead_is_refused() =>
        Reading.Reason("""{"type":"track","event":"A","userId":"u","timestamp":"2026-06-02T12:00:01Z"}""").ShouldBe(Reasons.TimestampInFuture);

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("W. Europe Standard Time", false)]
    [InlineData("Mars/Olympus", false)]
    public void A_source_names_its_zone_as_everybody_downstream_knows_it(string zone, bool isKnown) =>
        new SourceOptions { Id = "web", Platform = "shop", Currency = "EUR", TimeZone = zone }.Faults().Any().ShouldBe(!isKnown);

    private static Commerce.Collection.CollectedEvent Event(string fields) =>
        Reading.Event("{\"type\":\"track\",\"event\":\"A\",\"userId\":\"u\"," + fields + "}");

    private static DateTimeOffset Time(string iso) => DateTimeOffset.Parse(iso, System.Globalization.CultureInfo.InvariantCulture);
}
