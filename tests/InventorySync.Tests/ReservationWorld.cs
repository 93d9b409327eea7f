using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Domain;
using Commerce.Streaming.InventorySync.Http;
using Commerce.Streaming.InventorySync.Results;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>
/// Two instances of the API, the log between them and the ledger, and the ledger, all in memory and one step at a time. Every SKU's
/// commands of one instance stay in order; all else may overtake. After every step the laws of reservations are checked.
/// </summary>
internal sealed class ReservationWorld
{
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private static readonly (string Sku, int Quantity)[][] Baskets = [[("A", 2)], [("A", 1), ("B", 1)], [("B", 2)], [("A", 3), ("B", 1)]];

    private readonly FakeTimeProvider _clock = new(Shelf.Noon);
    private readonly Dictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);
    private readonly Instance[] _instances;
    private readonly List<Asked> _asked = [];
    private readonly List<StockCommand> _applied = [];
    private readonly HashSet<(string Sku, string Id, int Attempt)> _ended = [];

    public ReservationWorld()
    {
        _instances = [new Instance(this), new Instance(this)];
        ShelfOf("A").Receive(5);
        ShelfOf("B").Receive(3);
    }

    public void Ask(int instance, int key, int basket)
    {
        var caller = new CancellationTokenSource();
        var named = key < 2 ? $"key-{key}" : null;
        var request = new ReservationRequest("shop", [.. Baskets[basket].Select(line => new ReservationLineRequest(line.Sku, line.Quantity))], 60, named);
        var before = _asked.Where(IsLive).ToList();
        var by = _instances[instance];
        by.Asking.Clear();
        var task = by.Reserver.ReserveAsync(request, caller.Token);
        _asked.Add(new Asked(by, named, basket, caller, task, before, [.. by.Asking], _clock.GetUtcNow()));
    }

    public Task HangUpAsync(int number) => _asked.Count == 0 ? Task.CompletedTask : _asked[number % _asked.Count].Caller.CancelAsync();

    /// <summary>A caller releases what it was told of.</summary>
    public void Release(int number)
    {
        var told = _asked.Where(asked => asked.Answer is not null && asked.Key is not null).ToList();
        if (told.Count > 0)
            _ = _instances[number % 2].Reserver.ReleaseAsync(told[number % told.Count].Answer!, CancellationToken.None)
                .ContinueWith(task => task.Exception, TaskScheduler.Default);
    }

    /// <summary>An order that was reserved under its id sells.</summary>
    public void Sell(int key, int basket)
    {
        foreach (var (sku, quantity) in Baskets[basket])
            Apply(ShelfOf(sku).Command(StockCommandKind.SELL, quantity, $"sale-{_applied.Count}-{sku}", ReservationIds.Of("shop", $"key-{key}")));
    }

    /// <summary>The ledger reads the next command of some SKU from some instance.</summary>
    public async Task ProcessAsync(int choice)
    {
        var queues = _instances.SelectMany(instance => instance.Sent.Where(queue => queue.Value.Count > 0).OrderBy(queue => queue.Key, StringComparer.Ordinal))
            .Select(queue => queue.Value).ToList();
        if (queues.Count == 0)
            return;
        Apply(queues[choice % queues.Count].Dequeue());
        await SettleAsync();
    }

    /// <summary>The ledger reads one of the last commands once more.</summary>
    public async Task RedeliverAsync(int choice)
    {
        var recent = _applied.TakeLast(8).Where(command => _clock.GetUtcNow() - command.OccurredAt < TimeSpan.FromMinutes(5)).ToList();
        if (recent.Count > 0)
            Apply(recent[choice % recent.Count]);
        await SettleAsync();
    }

    public async Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        foreach (var shelf in _shelves.Values)
            shelf.Pass(time);
        foreach (var asked in _asked.Where(asked => _clock.GetUtcNow() - asked.At >= AnswerTimeout))
            await asked.EndedAsync();
        CheckConfirmed();
    }

    /// <summary>kill -9 of an API instance, with or without what was not on its way yet.</summary>
    public void Kill(int number, bool loses)
    {
        _instances[number].Dead = true;
        var next = new Instance(this);
        if (!loses)
            foreach (var (sku, queue) in _instances[number].Sent)
                next.Sent[sku] = queue;
        foreach (var asked in _asked.Where(asked => asked.By == _instances[number] && asked.Answer is null))
            asked.Lost = true;
        _instances[number] = next;
    }

    public async Task DrainAsync()
    {
        while (_instances.Any(instance => instance.Sent.Values.Any(queue => queue.Count > 0)))
            await ProcessAsync(0);
        await PassAsync(AnswerTimeout);
        while (_instances.Any(instance => instance.Sent.Values.Any(queue => queue.Count > 0)))
            await ProcessAsync(0);
    }

    /// <summary>Units are held for those only who were told so.</summary>
    public void NothingLeaks()
    {
        var told = _asked.Where(asked => asked.IsConfirmed)
            .SelectMany(asked => asked.Answer!.Lines.Select(line => (line.Sku, asked.Answer.ReservationId, line.Attempt))).ToHashSet();
        foreach (var (sku, shelf) in _shelves)
            foreach (var (id, live) in shelf.Live.Where(entry => entry.Key != sku))
                told.ShouldContain((sku, id, live.Attempt), "nobody was told that this is held");
    }

    public void NothingIsReserved() => _shelves.Values.ShouldAllBe(shelf => shelf.Position.Reserved == 0);

    private Shelf ShelfOf(string sku)
    {
        if (!_shelves.TryGetValue(sku, out var shelf))
            _shelves[sku] = shelf = new Shelf(sku) { Now = _clock.GetUtcNow() };
        return shelf;
    }

    private void Apply(StockCommand command)
    {
        var shelf = ShelfOf(command.Sku);
        var before = command.ReservationId is { } id ? shelf.FindReservation(id) : null;
        var decided = shelf.Apply(command).Decision;
        _applied.Add(command);
        if (before is { Outcome: ReservationOutcome.RESERVED } && (command is { Kind: StockCommandKind.RELEASE, Attempt: { } ended } && ended == before.Attempt
            || command.Kind == StockCommandKind.SELL || before.ExpiresAt <= shelf.Now))
            _ended.Add((command.Sku, command.ReservationId!, before.Attempt));
        if (decided is not null)
            foreach (var instance in _instances)
                instance.Results.Publish(decided);
        foreach (var asked in _asked)
            asked.Unanswered.Remove(command.CommandId);
    }

    private async Task SettleAsync()
    {
        foreach (var asked in _asked.Where(asked => asked.Unanswered.Count == 0))
            await asked.EndedAsync();
        foreach (var asked in _asked.Where(asked => asked.Answer is not null && !asked.Checked))
            CheckAnswer(asked);
        CheckConfirmed();
    }

    /// <summary>While a reservation is held, asking for the same is the same, and asking for anything else under its key is refused.</summary>
    private void CheckAnswer(Asked asked)
    {
        asked.Checked = true;
        foreach (var earlier in asked.Before.Where(earlier => earlier.Key is not null && earlier.Key == asked.Key && IsLive(earlier)))
            asked.End.ShouldBe(earlier.Basket == asked.Basket ? ReserveEnd.Repeated : ReserveEnd.OtherLines);
        _asked.Where(other => other.Key is not null && other.Key == asked.Key && IsLive(other)).Select(other => other.Basket).Distinct().Count()
            .ShouldBeLessThanOrEqualTo(1, "a key is bound to one basket");
    }

    /// <summary>What a caller was told to hold is held until it is released by its attempt, is sold, or lapses: never taken back by another request.</summary>
    private void CheckConfirmed()
    {
        foreach (var asked in _asked.Where(asked => asked.IsConfirmed))
            foreach (var line in asked.Answer!.Lines)
            {
                var now = ShelfOf(line.Sku).FindReservation(asked.Answer.ReservationId);
                if (now is null || now.Attempt != line.Attempt || now.Outcome is ReservationOutcome.EXPIRED or ReservationOutcome.CLAIMED)
                    continue;
                if (!_ended.Contains((line.Sku, asked.Answer.ReservationId, line.Attempt)))
                    (now.Outcome, now.Held).ShouldBe((ReservationOutcome.RESERVED, line.Quantity));
            }
    }

    private bool IsLive(Asked asked) => asked.IsConfirmed
        && asked.Answer!.Lines.All(line => ShelfOf(line.Sku).FindReservation(asked.Answer.ReservationId) is { Outcome: ReservationOutcome.RESERVED } now
            && now.Attempt == line.Attempt && now.Held == line.Quantity)
        && (asked.Key is null || ShelfOf(asked.Answer.ReservationId).FindReservation(asked.Answer.ReservationId) is { Outcome: ReservationOutcome.RESERVED } key
            && key.Attempt == asked.Answer.Attempt);

    /// <summary>A request and, once it has one, its end.</summary>
    private sealed class Asked(
        Instance by, string? key, int basket, CancellationTokenSource caller, Task<ReserveResult> task, List<Asked> before, HashSet<string> unanswered,
        DateTimeOffset at)
    {
        public HashSet<string> Unanswered => unanswered;
        public DateTimeOffset At => at;
        public Instance By => by;
        public string? Key => key;
        public int Basket => basket;
        public CancellationTokenSource Caller => caller;
        public List<Asked> Before => before;
        public bool Lost { get; set; }
        public bool Checked { get; set; }
        public ReserveEnd End { get; private set; }
        public ReservationAnswer? Answer { get; private set; }
        public bool IsConfirmed => Answer is not null && End is ReserveEnd.Made or ReserveEnd.Repeated && Answer is { Status: ReservationAnswer.Reserved };

        public async Task EndedAsync()
        {
            if (Answer is not null || Lost)
                return;
            try
            {
                (End, Answer) = await task;
            }
            catch (TimeoutException)
            {
                Lost = true;
            }
        }
    }

    /// <summary>One API instance: what it has sent that the ledger has not read yet.</summary>
    private sealed class Instance : ICommandSender
    {
        public Instance(ReservationWorld world)
        {
            var options = Options.Create(new InventoryOptions { AnswerTimeoutMs = (int)AnswerTimeout.TotalMilliseconds });
            Results = new ReservationResults(options);
            Reserver = new Reserver(this, Results, options, world._clock);
        }

        public bool Dead { get; set; }
        public List<string> Asking { get; } = [];
        public ReservationResults Results { get; }
        public Reserver Reserver { get; }
        public Dictionary<string, Queue<StockCommand>> Sent { get; } = new(StringComparer.Ordinal);

        public Task SendAsync(StockCommand command, CancellationToken cancellationToken)
        {
            Asking.Add(command.CommandId);
            if (Dead)
                return Task.CompletedTask;
            if (!Sent.TryGetValue(command.Sku, out var queue))
                Sent[command.Sku] = queue = new Queue<StockCommand>();
            queue.Enqueue(command);
            return Task.CompletedTask;
        }
    }
}
