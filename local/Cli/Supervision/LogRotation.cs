using System.Globalization;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>
/// Keeps log files small. Children hold the file open in append mode, so it is copied and cut, not renamed: they go on at its
/// new end. Lines written between the copy and the cut are lost; the alternative, a pipe through us, loses the last words of
/// everything when we die.
/// </summary>
internal static class LogRotation
{
    public const long LargestBytes = 32 * 1024 * 1024;
    private const int KeptFiles = 2;

    public static void RotateIfLarge(string path, long largestBytes = LargestBytes)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length < largestBytes)
            return;
        for (var number = KeptFiles - 1; number >= 1; number--)
            if (File.Exists(Old(path, number)))
                File.Move(Old(path, number), Old(path, number + 1), overwrite: true);
        File.Copy(path, Old(path, 1), overwrite: true);
        using var cut = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        cut.SetLength(0);
    }

    private static string Old(string path, int number) => path + "." + number.ToString(CultureInfo.InvariantCulture);
}
