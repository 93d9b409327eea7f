using System.ComponentModel.DataAnnotations;

namespace Commerce.Streaming.Provision.Rewind;

/// <summary>`provision rewind`: to which moment state goes back.</summary>
internal sealed class RewindOptions
{
    public const string Section = "Rewind";

    /// <summary>A moment up to which everything had crossed when the mirror was cut. ISO 8601.</summary>
    [Required(ErrorMessage = "Rewind:To is missing: a moment up to which everything had crossed, as 2026-11-26T04:00:00Z")]
    public DateTimeOffset? To { get; init; }

    /// <summary>Inputs are read again from so many seconds before: more than the pipelines were behind.</summary>
    [Range(0, 86_400)]
    public int RereadSeconds { get; init; } = 60;
}
