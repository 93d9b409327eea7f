namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>Ways to break what exactly-once stands on. With any of them seeds must fail, or the simulation would prove nothing.</summary>
public enum SimMutation
{
    /// <summary>Nothing is broken.</summary>
    None,

    /// <summary>Transactions commit without the offsets of what they hold.</summary>
    OffsetsNotCommitted,

    /// <summary>A former owner's offsets are taken (no KIP-447 fencing).</summary>
    GenerationNotChecked,

    /// <summary>A partition's positions are taken while a transaction with its offsets is open.</summary>
    PositionsNotStable,

    /// <summary>State is restored up to the last stable offset instead of the high watermark.</summary>
    RestoredToStableOffset,

    /// <summary>State is written outside of the transaction.</summary>
    StateOutsideTransaction,

    /// <summary>Redis takes older writes (no watermark).</summary>
    ViewUnguarded,

    /// <summary>Readers see aborted records.</summary>
    ReadUncommitted,

    /// <summary>Which keys are parked is forgotten when a partition moves.</summary>
    ParkingForgotten,

    /// <summary>Dead letters are written outside of the transaction.</summary>
    LettersOutsideTransaction,
}
