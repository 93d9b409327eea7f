using System.ComponentModel.DataAnnotations;
using Commerce.Streaming.InventorySync.Domain;

namespace Commerce.Streaming.InventorySync;

/// <summary>Section <c>Inventory</c>.</summary>
public sealed class InventoryOptions : IValidatableObject
{
    public const string Section = "Inventory";

    /// <summary>How long an order or refund is remembered: stated again within this time it moves nothing. About 300 bytes of memory each.</summary>
    public TimeSpan ClaimsRemembered { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a receipt or adjustment is remembered: sent again within this time it moves nothing. About 300 bytes of memory each.</summary>
    public TimeSpan CommandsRemembered { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a reservation that was released, lapsed or was claimed is remembered. About 500 bytes of memory each.</summary>
    public TimeSpan EndedReservationsRemembered { get; init; } = ReservationRules.Default.EndedRemembered;

    /// <summary>How long a reservation that was refused is remembered.</summary>
    public TimeSpan RejectedReservationsRemembered { get; init; } = ReservationRules.Default.RejectedRemembered;

    /// <summary>Lifetime of a reservation that names none.</summary>
    [Range(1, 86_400)]
    public int ReservationSeconds { get; init; } = 600;

    /// <summary>Most SKUs in one reservation.</summary>
    [Range(1, 1_000)]
    public int ReservationLinesMax { get; init; } = 100;

    /// <summary>How long a request waits for the ledger's answer, in milliseconds.</summary>
    [Range(10, 60_000)]
    public int AnswerTimeoutMs { get; init; } = 5_000;

    /// <summary>Reservations whose results this instance keeps at hand, beside Redis.</summary>
    [Range(100, 1_000_000)]
    public int RecentReservationsMax { get; init; } = 20_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ClaimsRemembered <= TimeSpan.Zero)
            yield return new ValidationResult("Inventory:ClaimsRemembered must be positive", [nameof(ClaimsRemembered)]);
        if (CommandsRemembered <= TimeSpan.Zero)
            yield return new ValidationResult("Inventory:CommandsRemembered must be positive", [nameof(CommandsRemembered)]);
        if (EndedReservationsRemembered <= TimeSpan.Zero)
            yield return new ValidationResult("Inventory:EndedReservationsRemembered must be positive", [nameof(EndedReservationsRemembered)]);
        if (RejectedReservationsRemembered <= TimeSpan.Zero)
            yield return new ValidationResult("Inventory:RejectedReservationsRemembered must be positive", [nameof(RejectedReservationsRemembered)]);
    }

    public ReservationRules ToReservationRules() => new(EndedReservationsRemembered, RejectedReservationsRemembered);
}
