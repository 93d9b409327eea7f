namespace Commerce.Streaming.Cli.Commands;

/// <summary>Finds the last lines of a file without reading all of it.</summary>
internal static class LogTail
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Position at which the last <paramref name="lines"/> lines begin.</summary>
    public static long StartOfLast(Stream file, int lines)
    {
        var block = new byte[BlockBytes];
        var found = 0;
        // The line break that ends the last line begins no further line.
        for (var end = file.Length; end > 0; end -= BlockBytes)
        {
            var begin = Math.Max(0, end - BlockBytes);
            file.Position = begin;
            file.ReadExactly(block, 0, (int)(end - begin));
            for (var index = (int)(end - begin) - 1; index >= 0; index--)
                if (block[index] == '\n' && begin + index != file.Length - 1 && ++found == lines)
                    return begin + index + 1;
        }
        return lines == 0 ? file.Length : 0;
    }
}
