using System.Text.Json;

namespace Commerce.Streaming.Ingest.Http;

/// <summary>Where the elements of <c>batch</c> are in a body that no JSON parser takes.</summary>
/// <param name="Elements">Byte ranges of the elements.</param>
/// <param name="Inside">Byte range between the array's brackets.</param>
internal sealed record BatchPieces(IReadOnlyList<Range> Elements, Range Inside)
{
    /// <summary>The body with an empty batch: what is left must be JSON.</summary>
    public byte[] WithoutElements(ReadOnlySpan<byte> body) => [.. body[..Inside.Start.Value], .. body[Inside.End.Value..]];
}

/// <summary>
/// Takes a malformed batch apart by strings and brackets alone. That isolates whatever is wrong within an element (a bare word, a
/// trailing comma, NaN, a bad escape) as long as its quotes and brackets are balanced; beyond that JSON does not say where an
/// element ends.
/// </summary>
internal static class BatchSplitter
{
    public static BatchPieces? Split(ReadOnlySpan<byte> body)
    {
        var open = FindArray(body);
        if (open < 0)
            return null;
        var elements = new List<Range>();
        var depth = 0;
        var start = open + 1;
        for (var position = open + 1; position < body.Length; position++)
        {
            switch (body[position])
            {
                case (byte)'"':
                    position = EndOfString(body, position);
                    if (position < 0)
                        return null;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)']' when depth == 0:
                    Add(body, start, position, elements);
                    return new BatchPieces(elements, (open + 1)..position);
                case (byte)'}' or (byte)']':
                    if (--depth < 0)
                        return null;
                    break;
                case (byte)',' when depth == 0:
                    Add(body, start, position, elements);
                    start = position + 1;
                    break;
            }
        }

        return null;
    }

    /// <summary>Position of the bracket that opens the array of the outermost member "batch"; -1 for none.</summary>
    private static int FindArray(ReadOnlySpan<byte> body)
    {
        // The reader stops with an exception at the fault, which lies behind the bracket if the head is sound.
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("batch"u8))
                    return reader.Read() && reader.TokenType == JsonTokenType.StartArray ? (int)reader.TokenStartIndex : -1;
            }
        }
        catch (JsonException)
        {
            // No batch before the fault.
        }

        return -1;
    }

    private static int EndOfString(ReadOnlySpan<byte> body, int quote)
    {
        for (var position = quote + 1; position < body.Length; position++)
        {
            if (body[position] == (byte)'\\')
                position++;
            else if (body[position] == (byte)'"')
                return position;
        }

        return -1;
    }

    private static void Add(ReadOnlySpan<byte> body, int start, int end, List<Range> elements)
    {
        while (start < end && body[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            start++;
        while (end > start && body[end - 1] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            end--;
        // Nothing between two commas, or after the last one, is no element.
        if (end > start)
            elements.Add(start..end);
    }
}
