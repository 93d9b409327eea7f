namespace Commerce.Streaming.Cli.Supervision;

/// <summary>
/// Tells a hung process from a slow one: it hangs when it has been silent for long *and* for several questions in a row. The
/// second condition keeps a laptop's sleep, in which nobody was asked anything, from killing everything.
/// </summary>
internal sealed class HangDetector(TimeProvider time)
{
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(15);
    public const int QuestionsLimit = 4;

    private long _lastAnswer = time.GetTimestamp();
    private int _unanswered;

    public void Answered()
    {
        _lastAnswer = time.GetTimestamp();
        _unanswered = 0;
    }

    /// <summary>Notes a question without an answer; true when the process must be taken for hung.</summary>
    public bool Silent() => ++_unanswered >= QuestionsLimit && time.GetElapsedTime(_lastAnswer) >= SilenceLimit;
}
