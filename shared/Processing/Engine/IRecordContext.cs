using Commerce.Processing;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>The context as the engine sees it: what a handler did can be taken back while its record is at hand, and lines are state.</summary>
internal interface IRecordContext : IProcessingContext
{
    /// <summary>Lines in the partition.</summary>
    int LineCount { get; }

    ParkedKey? LineOf(ReadOnlySpan<char> id);

    /// <summary>Part of what the record at hand does; null ends the line.</summary>
    void SetLine(string id, ParkedKey? line);

    /// <summary>Takes back what was done for the record at hand.</summary>
    void Undo();

    /// <summary>Serialises the state that was put, only to learn whether it can be written.</summary>
    void ProbeState();
}
