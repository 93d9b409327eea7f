namespace Commerce.Streaming.Cli.Supervision;

/// <summary>
/// Tells a hung process from a slow one. It hangs when it has been silent for several questions in a row (a laptop's sleep, in
/// which nobody was asked, must not kill everything) and for long: not very long when it used no processor time meanwhile, as a
/// stopped or deadlocked process does; longer, and longer still on a busy machine, when it is at work on something.
/// </summary>
/// <param name="processorTicks">Processor time of the process so far.</param>
/// <param name="load">Factor by which the machine is slower than usual.</param>
internal sealed class HangDetector(TimeProvider time, Func<long> processorTicks, Func<double> load)
{
    public static readonly TimeSpan IdleSilenceLimit = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan BusySilenceLimit = TimeSpan.FromSeconds(30);
    public const int QuestionsLimit = 3;

    private long _lastAnswer = time.GetTimestamp();
    private long _ticksAtAnswer = processorTicks();
    private int _unanswered;

    public void Answered()
    {
        _lastAnswer = time.GetTimestamp();
        _ticksAtAnswer = processorTicks();
        _unanswered = 0;
    }

    /// <summary>Notes a question without an answer; true when the process must be taken for hung.</summary>
    public bool Silent()
    {
        if (++_unanswered < QuestionsLimit)
            return false;
        var silence = time.GetElapsedTime(_lastAnswer);
        return processorTicks() == _ticksAtAnswer ? silence >= IdleSilenceLimit : silence >= BusySilenceLimit * load();
    }
}
