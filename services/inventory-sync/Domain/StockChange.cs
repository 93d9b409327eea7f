using System.Globalization;
using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Domain;

/// <summary>One change of a SKU: its movements, and the position that they lead to.</summary>
public sealed class StockChange(ISkuState state, string platform, string sku, DateTimeOffset occurredAt)
{
    private readonly StockPosition _before = state.Position;
    private readonly List<StockMoved> _movements = [];
    private StockPosition _position = state.Position;
    private int _unitsOwed;

    public string Platform => platform;

    public string Sku => sku;

    /// <summary>On hand and not reserved; all of it is owed to somebody, or none.</summary>
    public long Free => _position.OnHand - _position.Reserved;

    /// <summary>What can be reserved.</summary>
    public long Available => Math.Max(0, Free - _position.Owed);

    /// <summary>
    /// False for a sale or return that is among the latest: the log was read again from before it, which a mirror's offsets do after the loss
    /// of a region. Claims says each once; beyond the latest there is nothing else to tell by.
    /// </summary>
    public bool IsFirst(StockCommand command)
    {
        var known = RecentCommands.With(_position.RecentCommands, command.CommandId);
        if (known is null)
            return false;
        _position = _position with { RecentCommands = known };
        return true;
    }

    /// <summary>Units come in.</summary>
    public void Add(StockCommand command, MovementKind kind, int quantity)
    {
        Move(kind, quantity, command.Reference, command.CommandId, command.OccurredAt);
        Fulfil();
    }

    /// <summary>Units go out as far as they are free; the rest is owed.</summary>
    /// <param name="held">Units of the command's own reservation, which it has given up.</param>
    public void Take(StockCommand command, MovementKind kind, int quantity, int held = 0)
    {
        // Units of the own reservation go to this command even while older ones wait: they were promised to it.
        var free = _position.Owed > 0 ? held : Free;
        var taken = (int)Math.Min(quantity, free);
        if (taken > 0)
            Move(kind, -taken, command.Reference, command.CommandId, command.OccurredAt);
        if (taken < quantity)
            Owe(command, kind, quantity - taken);
        Fulfil();
    }

    /// <summary>Units become reserved (positive), or are given up (negative).</summary>
    public void Hold(int quantity) => _position = _position with { Reserved = _position.Reserved + quantity };

    /// <summary>Free units go to those who wait, oldest first.</summary>
    public void Fulfil()
    {
        while (_position.Owed > 0 && Free > 0)
        {
            var number = _position.OwedFirst;
            var owed = state.Owed(number);
            var given = (int)Math.Min(owed.Quantity, Free);
            Move(owed.Kind, -given, owed.Reference, owed.CommandId, owed.OccurredAt > occurredAt ? owed.OccurredAt : occurredAt);
            _position = _position with { Owed = _position.Owed - given };
            if (given < owed.Quantity)
            {
                state.PutOwed(number, owed with { Quantity = owed.Quantity - given });
                continue;
            }

            state.DropOwed(number);
            _position = _position with { OwedFirst = number + 1 };
        }
    }

    /// <summary>Stores the position and says what has changed.</summary>
    public Outcome Close(ReservationDecided? decision)
    {
        var changed = (_before.OnHand, _before.Reserved, _before.Owed) != (_position.OnHand, _position.Reserved, _position.Owed);
        if (!changed && _movements.Count == 0)
            return new Outcome([], decision, null);
        _position = _position with
        {
            AvailabilityVersion = _position.AvailabilityVersion + 1,
            UpdatedAt = occurredAt > _position.UpdatedAt ? occurredAt : _position.UpdatedAt,
        };
        state.Position = _position;
        return new Outcome(_movements, decision, StockPositions.AvailabilityOf(platform, sku, _position)) { UnitsOwed = _unitsOwed };
    }

    private void Owe(StockCommand command, MovementKind kind, int quantity)
    {
        state.PutOwed(_position.OwedNext, new OwedUnits
        {
            CommandId = command.CommandId, Kind = kind, Quantity = quantity, Reference = command.Reference, OccurredAt = command.OccurredAt,
        });
        _unitsOwed += quantity;
        _position = _position with { OwedNext = _position.OwedNext + 1, Owed = _position.Owed + quantity };
    }

    private void Move(MovementKind kind, int quantity, string reference, string commandId, DateTimeOffset at)
    {
        _position = _position with { OnHand = _position.OnHand + quantity, Version = _position.Version + 1 };
        _movements.Add(new StockMoved
        {
            MovementId = string.Create(CultureInfo.InvariantCulture, $"{platform}/{sku}/{_position.Version}"),
            Platform = platform, Sku = sku, Version = _position.Version, Kind = kind, Quantity = quantity, OnHandAfter = _position.OnHand,
            Reference = reference, CommandId = commandId, OccurredAt = at,
        });
    }
}
