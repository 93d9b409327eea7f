using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.EventSender.Tests;

public sealed class CallSenderTests
{
    private static readonly SendOptions Options = new()
    {
        CollectionUrl = new Uri("http://ingest.test"),
        ConsentUrl = new Uri("http://consent.test"),
        WriteKey = "wk",
        BatchEventsMax = 4,
        RetryDelayMin = TimeSpan.FromTicks(1),
        RetryDelayMax = TimeSpan.FromMilliseconds(1),
    };

    private readonly Watcher _watcher = new();

    [Fact]
    public async Task Calls_arrive_in_order_in_batches_of_the_limit()
    {
        var api = new FakeApi();

        var state = await SendAsync(api, new NumberedCalls(10));

        api.Taken.ShouldBe([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]);
        (state.Position, state.Accepted, state.RefusedUnexpectedly).ShouldBe((10, 10, 0));
        api.Authorization.ShouldBe("Basic d2s6");
    }

    [Fact]
    public async Task Batch_is_closed_by_size()
    {
        var api = new FakeApi();

        await SendAsync(api, new NumberedCalls(5, padding: 600), Options with { BatchBytesMax = 1000 });

        api.Taken.ShouldBe([[0, 1], [2, 3], [4]]);
    }

    [Fact]
    public async Task Consent_decision_goes_alone_between_what_was_before_and_after()
    {
        var api = new FakeApi();

        await SendAsync(api, new NumberedCalls(6, isConsent: n => n is 2 or 3));

        api.Taken.ShouldBe([[0, 1], [-2], [-3], [4, 5]]);
    }

    [Fact]
    public async Task Failure_and_busy_answers_are_repeated_without_overtaking()
    {
        var api = new FakeApi(
            () => throw new HttpRequestException("connection refused"),
            () => FakeApi.Answer(HttpStatusCode.ServiceUnavailable),
            () => FakeApi.Answer(HttpStatusCode.TooManyRequests));

        var state = await SendAsync(api, new NumberedCalls(6));

        api.Taken.ShouldBe([[0, 1, 2, 3], [4, 5]]);
        state.Retries.ShouldBe(3);
        _watcher.Seen.ShouldContain(progress => progress.Waiting == "connection refused");
    }

    [Fact]
    public async Task Refused_events_are_counted_as_expected_or_not_and_their_neighbours_are_accepted()
    {
        var api = new FakeApi(() => FakeApi.Answer(HttpStatusCode.MultiStatus, """
            {"success":false,"results":[
              {"index":0,"messageId":"a","status":"accepted"},
              {"index":1,"messageId":"b","status":"quarantined","reason":"not_in_tracking_plan","detail":"x"},
              {"index":2,"messageId":"c","status":"quarantined","reason":"negative_price","detail":"y"},
              {"index":3,"messageId":"d","status":"accepted"}]}
            """));

        var state = await SendAsync(api, new NumberedCalls(4, refusalExpected: n => n == 1));

        (state.Accepted, state.RefusedAsExpected, state.RefusedUnexpectedly).ShouldBe((2, 1, 1));
        state.Refusals.ShouldBe([new Refusal(2, "quarantined", "negative_price", "y")]);
    }

    [Fact]
    public async Task Batch_refused_event_by_event_does_not_stop_the_stream()
    {
        var api = new FakeApi(() => FakeApi.Answer(
            HttpStatusCode.BadRequest, """{"success":false,"results":[{"index":0,"status":"quarantined","reason":"r","detail":""}]}"""));

        var state = await SendAsync(api, new NumberedCalls(2), Options with { BatchEventsMax = 1 });

        (state.Position, state.Accepted, state.RefusedUnexpectedly).ShouldBe((2, 1, 1));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "write key")]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, "413")]
    [InlineData(HttpStatusCode.BadRequest, "400")]
    public async Task What_repeating_does_not_mend_ends_the_run(HttpStatusCode status, string message) =>
        (await Should.ThrowAsync<SendFailedException>(() => SendAsync(new FakeApi(() => FakeApi.Answer(status, "no")), new NumberedCalls(2))))
            .Message.ShouldContain(message);

    [Fact]
    public async Task Api_that_stays_away_is_given_up_after_the_patience()
    {
        var time = new FakeTimeProvider();
        var api = new FakeApi([.. Enumerable.Repeat<Func<HttpResponseMessage>>(() => throw new HttpRequestException("refused"), 100)]);
        // The delays of this test are the only timers: each request lets the one before pass.
        api.OnRequest = _ => time.AutoAdvanceAmount = TimeSpan.FromMinutes(1);

        var failure = await Should.ThrowAsync<SendFailedException>(() =>
            SendAsync(api, new NumberedCalls(2), Options with { RetryDelayMin = TimeSpan.Zero, RetryDelayMax = TimeSpan.Zero }, time));

        failure.Message.ShouldContain("refused");
        api.Requests.ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Interrupted_run_goes_on_at_what_was_not_acknowledged()
    {
        var calls = new NumberedCalls(10);
        using var stop = new CancellationTokenSource();
        var saved = new SendState { Fingerprint = calls.Fingerprint };
        var first = new FakeApi { OnRequest = request => { if (request == 2) stop.Cancel(); } };
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Sender(first, Options).RunAsync(calls, saved, state => saved = state, _watcher, stop.Token));

        saved.Position.ShouldBe(4);
        var second = new FakeApi();
        saved = await Sender(second, Options).RunAsync(calls, saved, _ => { }, _watcher, CancellationToken.None);

        second.Taken[0][0].ShouldBe(4);
        (saved.Position, saved.Accepted).ShouldBe((10, 10));
    }

    [Fact]
    public async Task Speed_holds_back_what_is_not_due()
    {
        var time = new FakeTimeProvider();
        var sentAt = new List<DateTimeOffset>();
        var api = new FakeApi { OnRequest = _ => sentAt.Add(time.GetUtcNow()) };
        var sending = SendAsync(api, new NumberedCalls(3), Options with { Speed = 2 }, time);

        while (!sending.IsCompleted)
        {
            await Task.Yield();
            if (api.Taken.Count > 0)
                time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await sending;
        api.Taken.SelectMany(calls => calls).ShouldBe([0, 1, 2]);
        // Calls are a second apart; at twice the speed call n is due after n half seconds. Two that are due together may travel together.
        api.Taken.Zip(sentAt).ShouldAllBe(request => request.Second >= time.Start.AddSeconds(request.First.Max() / 2.0));
        time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(time.Start.AddSeconds(1));
    }

    private Task<SendState> SendAsync(FakeApi api, ICallStream calls, SendOptions? options = null, TimeProvider? time = null) =>
        Sender(api, options ?? Options, time).RunAsync(
            calls, new SendState { Fingerprint = calls.Fingerprint }, _ => { }, _watcher, TestContext.Current.CancellationToken);

    private static CallSender Sender(FakeApi api, SendOptions options, TimeProvider? time = null) =>
        new(new HttpClient(api), options, time ?? TimeProvider.System);
}
