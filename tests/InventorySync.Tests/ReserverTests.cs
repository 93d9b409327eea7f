using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Http;
using Commerce.Streaming.InventorySync.Results;
using Commerce.Streaming.Processing.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>Requests against the real ledger, in memory.</summary>
public sealed class ReserverTests
{
    private readonly FakeTimeProvider _clock = new(Shelf.Noon);
    private readonly LedgerInMemory _ledger;
    private readonly Reserver _reserver;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ReserverTests()
    {
        var options = Options.Create(new InventoryOptions { AnswerTimeoutMs = 5_000 });
        var results = new ReservationResults(options);
        _ledger = new LedgerInMemory(results);
        _reserver = new Reserver(_ledger, results, options, _clock);
        _ledger.Receive("A", 5);
        _ledger.Receive("B", 1);
    }

    [Fact]
    public async Task Everything_that_is_asked_for_is_held()
    {
        var answer = await ReserveAsync(null, ("A", 2), ("B", 1), ("A", 1));
        answer.Status.ShouldBe("reserved");
        answer.Lines.Select(line => (line.Sku, line.Quantity)).ShouldBe([("A", 3), ("B", 1)]);
        (_ledger.Available("A"), _ledger.Available("B")).ShouldBe((2, 0));
    }

    [Fact]
    public async Task One_line_that_cannot_be_held_frees_the_others()
    {
        var answer = await ReserveAsync(null, ("A", 2), ("B", 2));
        answer.Status.ShouldBe("rejected");
        answer.Lines.Select(line => line.Status).ShouldBe(["released", "rejected"]);
        answer.Lines.Single(line => line.Sku == "B").Reason.ShouldBe("insufficient_stock");
        (_ledger.Available("A"), _ledger.Available("B")).ShouldBe((5, 1));
    }

    [Fact]
    public async Task Asked_again_with_the_same_key_it_is_the_same_reservation()
    {
        var first = await AskAsync("order-1", Token, ("A", 1), ("B", 1), ("A", 1));
        var again = await AskAsync("order-1", Token, ("B", 1), ("A", 2));
        (first.End, again.End).ShouldBe((ReserveEnd.Made, ReserveEnd.Repeated));
        again.Answer.ReservationId.ShouldBe(first.Answer.ReservationId);
        again.Answer.ExpiresAt.ShouldBe(first.Answer.ExpiresAt);
        _ledger.Available("A").ShouldBe(3);
    }

    [Fact]
    public async Task Key_is_bound_to_its_lines_even_where_they_share_no_sku()
    {
        await ReserveAsync("order-1", ("A", 2));
        (await AskAsync("order-1", Token, ("A", 3))).End.ShouldBe(ReserveEnd.OtherLines);
        (await AskAsync("order-1", Token, ("B", 1))).End.ShouldBe(ReserveEnd.OtherLines);
        (_ledger.Available("A"), _ledger.Available("B")).ShouldBe((3, 1));
    }

    [Fact]
    public async Task Rejected_or_released_key_may_be_tried_again_even_with_other_lines()
    {
        (await AskAsync("order-1", Token, ("A", 2), ("B", 2))).End.ShouldBe(ReserveEnd.Refused);
        var second = await AskAsync("order-1", Token, ("A", 2), ("B", 1));
        (second.End, second.Answer.Attempt).ShouldBe((ReserveEnd.Made, 2));
        await _reserver.ReleaseAsync(second.Answer, Token);
        (await AskAsync("order-1", Token, ("B", 1))).End.ShouldBe(ReserveEnd.Made);
        (_ledger.Available("A"), _ledger.Available("B")).ShouldBe((5, 0));
    }

    [Fact]
    public async Task Caller_who_hung_up_finds_the_reservation_when_asking_again()
    {
        using var caller = new CancellationTokenSource();
        _ledger.Pause();
        var gone = AskAsync("order-1", caller.Token, ("A", 2));
        await caller.CancelAsync();
        _ledger.Continue();
        await gone;
        (await AskAsync("order-1", Token, ("A", 2))).End.ShouldBe(ReserveEnd.Repeated);
        _ledger.Available("A").ShouldBe(3);
    }

    [Fact]
    public async Task Caller_without_a_key_who_hung_up_holds_nothing()
    {
        using var caller = new CancellationTokenSource();
        _ledger.Pause();
        var gone = AskAsync(null, caller.Token, ("A", 2));
        await caller.CancelAsync();
        _ledger.Continue();
        await gone;
        _ledger.Available("A").ShouldBe(5);
    }

    [Fact]
    public async Task Released_reservation_frees_its_units()
    {
        var answer = await ReserveAsync(null, ("A", 2));
        (await _reserver.ReleaseAsync(answer, Token)).Status.ShouldBe("released");
        _ledger.Available("A").ShouldBe(5);
    }

    [Fact]
    public async Task Ledger_that_does_not_answer_holds_nothing_once_it_does()
    {
        _ledger.Pause();
        var asked = ReserveAsync("order-1", ("A", 2));
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<TimeoutException>(() => asked);
        _ledger.Continue();
        _ledger.Available("A").ShouldBe(5);
        (await AskAsync("order-1", Token, ("A", 2))).End.ShouldBe(ReserveEnd.Made);
    }

    private async Task<ReservationAnswer> ReserveAsync(string? key, params (string Sku, int Quantity)[] lines) =>
        (await AskAsync(key, TestContext.Current.CancellationToken, lines)).Answer;

    private Task<ReserveResult> AskAsync(string? key, CancellationToken caller, params (string Sku, int Quantity)[] lines) => _reserver.ReserveAsync(
        new ReservationRequest("shop", [.. lines.Select(line => new ReservationLineRequest(line.Sku, line.Quantity))], null, key), caller);

    private sealed class LedgerInMemory(ReservationResults results) : ICommandSender
    {
        private readonly TopologyTestDriver _driver = new(InventoryTopologies.BuildLedger(new LedgerHandlers(TimeSpan.FromDays(30), Domain.ReservationRules.Default)));
        private readonly Queue<StockCommand> _waiting = new();
        private bool _paused;

        public Task SendAsync(StockCommand command, CancellationToken cancellationToken)
        {
            _waiting.Enqueue(command);
            if (!_paused)
                Continue();
            return Task.CompletedTask;
        }

        public void Receive(string sku, int quantity) =>
            _driver.PipeIn(Topics.InventoryStockCommands, "shop/" + sku, Said.Command(StockCommandKind.RECEIVE, sku, quantity, "receipt"));

        public void Pause() => _paused = true;

        public void Continue()
        {
            _paused = false;
            while (_waiting.TryDequeue(out var command))
                _driver.PipeIn(Topics.InventoryStockCommands, SkuKeys.Of(command.Platform, command.Sku), command);
            foreach (var decided in _driver.Read(Topics.InventoryReservationResults))
                results.Publish(decided.Value!);
        }

        public long Available(string sku) => Domain.StockPositions.AvailableOf(_driver.State(Stores.Positions)["shop/" + sku]);
    }
}
