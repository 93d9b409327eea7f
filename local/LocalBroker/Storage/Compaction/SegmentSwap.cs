using System.Globalization;

namespace Commerce.Streaming.LocalBroker.Storage.Compaction;

/// <summary>
/// Puts a compacted file in the place of the segments that it was made of, so that a crash at any point leaves either all
/// of them or it. The file is written as <c>.cleaned</c>; renaming it to <c>.swap</c>, whose name says which segments it
/// replaces, decides; what is left to do then can be done again.
/// </summary>
internal static class SegmentSwap
{
    private const string Cleaned = ".cleaned";
    private const string Swap = ".swap";

    public static string CleanedPath(string directory, long baseOffset) => LogSegment.PathOf(directory, baseOffset, Cleaned);

    /// <summary>Replaces the segments with a base offset from <paramref name="from"/> up to <paramref name="to"/>.</summary>
    public static void Commit(string directory, long from, long to)
    {
        var swap = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{from:D20}-{to:D20}{Swap}"));
        File.Move(CleanedPath(directory, from), swap, overwrite: true);
        Finish(swap, directory, from, to);
    }

    /// <summary>Removes files that were not finished and finishes what was decided; run before a partition is opened.</summary>
    public static void Finish(string directory)
    {
        foreach (var unfinished in Directory.EnumerateFiles(directory, "*" + Cleaned))
            File.Delete(unfinished);
        foreach (var swap in Directory.EnumerateFiles(directory, "*" + Swap))
        {
            var bounds = Path.GetFileNameWithoutExtension(swap).Split('-');
            Finish(swap, directory, long.Parse(bounds[0], CultureInfo.InvariantCulture), long.Parse(bounds[1], CultureInfo.InvariantCulture));
        }
    }

    private static void Finish(string swap, string directory, long from, long to)
    {
        foreach (var log in Directory.EnumerateFiles(directory, "*.log"))
        {
            var baseOffset = long.Parse(Path.GetFileNameWithoutExtension(log), CultureInfo.InvariantCulture);
            if (baseOffset < from || baseOffset >= to)
                continue;
            foreach (var extension in (ReadOnlySpan<string>)[".index", ".timeindex", ".log"])
                File.Delete(LogSegment.PathOf(directory, baseOffset, extension));
        }

        File.Move(swap, LogSegment.PathOf(directory, from, ".log"));
    }
}
