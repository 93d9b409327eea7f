namespace Commerce.Streaming.ServiceDefaults;

/// <summary>
/// Lets the first of equal messages through and then ever fewer: after 10 s, 20 s, 40 s, at last one every five minutes. A server that is
/// away makes a client complain many times a second; all of them say the same. Safe to use from several threads.
/// </summary>
public sealed class RareLog(TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(5);

    /// <summary>Kinds that are told apart; those beyond share one entry.</summary>
    private const int KindsMax = 64;

    private const string AnyOther = "";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>True when a message of this kind is to be written; <paramref name="leftOut"/> is how many were not since the last one.</summary>
    public bool Passes(string kind, out long leftOut)
    {
        lock (_gate)
        {
            if (!_entries.ContainsKey(kind) && _entries.Count >= KindsMax)
                kind = AnyOther;
            var now = clock.GetTimestamp();
            leftOut = 0;
            if (_entries.TryGetValue(kind, out var last))
            {
                var quiet = clock.GetElapsedTime(last.WrittenAt, now);
                if (quiet < last.Pause)
                {
                    _entries[kind] = last with { LeftOut = last.LeftOut + 1 };
                    return false;
                }

                leftOut = last.LeftOut;
                // Silence for longer than any pause: what comes now is new.
                _entries[kind] = new Entry(now, quiet > PauseMax * 2 ? FirstPause : Longer(last.Pause), 0);
                return true;
            }

            _entries[kind] = new Entry(now, FirstPause, 0);
            return true;
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < PauseMax ? pause * 2 : PauseMax;

    private readonly record struct Entry(long WrittenAt, TimeSpan Pause, long LeftOut);
}
