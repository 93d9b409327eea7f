using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Domain;

namespace Commerce.Streaming.InventorySync.Tests;

/// <summary>One SKU in memory, with everything that ever moved. Every step checks what must always hold.</summary>
internal sealed class Shelf(string sku = "A") : ISkuState
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, Reservation> _reservations = new(StringComparer.Ordinal);
    private readonly Dictionary<long, OwedUnits> _owed = [];
    private readonly HashSet<string> _applied = new(StringComparer.Ordinal);
    private int _numbers;

    public StockPosition Position { get; set; } = StockPositions.None;

    public DateTimeOffset Now { get; set; } = Noon;

    public List<StockMoved> Movements { get; } = [];

    public List<StockAvailability> Availabilities { get; } = [];

    public long OnHand => Position.OnHand;

    public long Available => StockPositions.AvailableOf(Position);

    public Outcome Receive(int quantity, string? id = null) => Apply(StockCommandKind.RECEIVE, quantity, id);

    public Outcome Adjust(int quantity, string? id = null) => Apply(StockCommandKind.ADJUST, quantity, id);

    public Outcome Sell(int quantity, string? reservation = null, string? id = null) => Apply(StockCommandKind.SELL, quantity, id, reservation);

    public Outcome Return(int quantity) => Apply(StockCommandKind.RETURN, quantity);

    public ReservationOutcome Reserve(string reservation, int quantity, int seconds = 60) =>
        Apply(StockCommandKind.RESERVE, quantity, id: null, reservation, seconds).Decision!.Outcome;

    public ReservationOutcome Release(string reservation, int? attempt = null) => Release(reservation, command => command with { Attempt = attempt });

    /// <summary>Takes back what one RESERVE got.</summary>
    public ReservationOutcome TakeBack(string reservation, string undone) => Release(reservation, command => command with { Undoes = undone });

    /// <summary>Lets time pass; what is due then ends.</summary>
    public void Pass(TimeSpan time)
    {
        Now += time;
        foreach (var (id, _) in _reservations.Where(entry => entry.Value.ExpiresAt <= Now).OrderBy(entry => entry.Value.ExpiresAt).ToList())
            Note(Ledger.Expire(this, "shop", sku, id, ReservationRules.Default, Now));
    }

    public Outcome Apply(StockCommandKind kind, int quantity, string? id = null, string? reservation = null, int seconds = 60) =>
        Apply(Command(kind, quantity, id, reservation, seconds));

    public StockCommand Command(StockCommandKind kind, int quantity, string? id = null, string? reservation = null, int seconds = 60) => new()
    {
        CommandId = id ?? $"c{++_numbers}", Platform = "shop", Sku = sku, Kind = kind, Quantity = quantity, Reference = "ref", ReservationId = reservation,
        TtlMs = kind == StockCommandKind.RESERVE ? seconds * 1000L : null, OccurredAt = Now, ReceivedAt = Now,
    };

    public Outcome Apply(StockCommand command)
    {
        CommandRules.FaultOf(command).ShouldBeNull();
        return Note(Ledger.Apply(this, command, ReservationRules.Default, Now));
    }

    /// <summary>Reservations that hold something, or a key.</summary>
    public IEnumerable<KeyValuePair<string, Reservation>> Live => _reservations.Where(entry => entry.Value.Outcome == ReservationOutcome.RESERVED);

    private ReservationOutcome Release(string reservation, Func<StockCommand, StockCommand> which) =>
        Apply(which(Command(StockCommandKind.RELEASE, 0, id: null, reservation))).Decision!.Outcome;

    public Reservation? FindReservation(string reservationId) => _reservations.GetValueOrDefault(reservationId);

    public void PutReservation(string reservationId, Reservation reservation) => _reservations[reservationId] = reservation;

    public void ForgetReservation(string reservationId) => _reservations.Remove(reservationId);

    public OwedUnits Owed(long number) => _owed[number];

    public void PutOwed(long number, OwedUnits owed) => _owed[number] = owed;

    public void DropOwed(long number) => _owed.Remove(number);

    public bool WasApplied(string commandId) => _applied.Contains(commandId);

    public void MarkApplied(string commandId, AppliedCommand applied) => _applied.Add(commandId);

    private Outcome Note(Outcome outcome)
    {
        Movements.AddRange(outcome.Movements);
        if (outcome.Availability is { } availability)
            Availabilities.Add(availability);
        Movements.Select(movement => movement.Version).ShouldBe(Enumerable.Range(1, Movements.Count).Select(number => (long)number));
        Movements.Aggregate(0L, (sum, movement) =>
        {
            (sum + movement.Quantity).ShouldBe(movement.OnHandAfter);
            movement.OnHandAfter.ShouldBeGreaterThanOrEqualTo(0);
            return movement.OnHandAfter;
        }).ShouldBe(OnHand);
        Position.Reserved.ShouldBe(_reservations.Values.Sum(reservation => (long)reservation.Held));
        Position.Reserved.ShouldBeLessThanOrEqualTo(OnHand);
        Position.Owed.ShouldBe(_owed.Values.Sum(owed => (long)owed.Quantity));
        if (Position.Owed > 0)
            (OnHand - Position.Reserved).ShouldBe(0, "nothing may be free while somebody waits");
        (Position.OwedNext - Position.OwedFirst).ShouldBe(_owed.Count);
        Availabilities.Select(each => each.Version).ShouldBe(Enumerable.Range(1, Availabilities.Count).Select(number => (long)number));
        return outcome;
    }
}
