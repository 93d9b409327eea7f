using System.Runtime.InteropServices;
using System.Text.Json;
using Commerce.Streaming.Ingest.Domain;

namespace Commerce.Streaming.Ingest.Http;

/// <summary>One call of a request.</summary>
/// <param name="Json">The call; undefined when it is no JSON.</param>
/// <param name="Raw">Its bytes.</param>
/// <param name="Fault">Why it is no JSON; null when it is.</param>
internal readonly record struct Call(JsonElement Json, ReadOnlyMemory<byte> Raw, Fault? Fault);

/// <summary>The calls of a request body, each on its own: a malformed one does not spoil its neighbours.</summary>
internal sealed class CallBatch : IDisposable
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 32 };
    private readonly List<JsonDocument> _documents = [];

    /// <summary>The body's <c>writeKey</c>.</summary>
    public string? WriteKey { get; private set; }

    /// <summary>The batch's <c>sentAt</c>; null for a single call, which carries its own.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>The batch's <c>context</c>.</summary>
    public JsonElement Context { get; private set; }

    public IReadOnlyList<Call> Calls { get; private set; } = [];

    /// <summary>Reads a body that is one call.</summary>
    public static Fault? ReadSingle(ReadOnlyMemory<byte> body, out CallBatch batch)
    {
        batch = new CallBatch();
        if (batch.Parse(body, out var root) is { } fault)
            return fault;
        if (root.ValueKind != JsonValueKind.Object)
            return new Fault(Reasons.NotAnObject, "the body is not a JSON object");
        batch.ReadHead(root, isBatch: false);
        batch.Calls = [new Call(root, body, null)];
        return null;
    }

    /// <summary>Reads a body with a member <c>batch</c>.</summary>
    public static Fault? ReadBatch(ReadOnlyMemory<byte> body, out CallBatch batch)
    {
        batch = new CallBatch();
        if (batch.Parse(body, out var root) is { } fault)
            return batch.ReadPieces(body) ? null : fault;
        if (root.ValueKind != JsonValueKind.Object)
            return new Fault(Reasons.NotAnObject, "the body is not a JSON object");
        var array = root.Member("batch"u8);
        if (array.ValueKind != JsonValueKind.Array)
            return new Fault(BodyReasons.MissingBatch, "the body has no array 'batch'");
        batch.ReadHead(root, isBatch: true);
        var calls = new List<Call>(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
            calls.Add(new Call(element, RawOf(element, body), null));
        batch.Calls = calls;
        return null;
    }

    public void Dispose()
    {
        foreach (var document in _documents)
            document.Dispose();
    }

    /// <summary>The batch as a whole is no JSON: takes it apart by its brackets and quotes and reads each piece alone.</summary>
    private bool ReadPieces(ReadOnlyMemory<byte> body)
    {
        if (BatchSplitter.Split(body.Span) is not { } pieces || Parse(pieces.WithoutElements(body.Span), out var root) is not null)
            return false;
        ReadHead(root, isBatch: true);
        Calls = [.. pieces.Elements.Select(range =>
        {
            var raw = body[range];
            return Parse(raw, out var element) is { } fault ? new Call(default, raw, fault) : new Call(element, raw, null);
        })];
        return true;
    }

    private void ReadHead(JsonElement root, bool isBatch)
    {
        try
        {
            WriteKey = root.Member("writeKey"u8).Scalar();
            if (!isBatch)
                return;
            Context = root.Member("context"u8);
            if (EventClock.TryInstant(root.Member("sentAt"u8), out var sentAt))
                SentAt = sentAt;
        }
        catch (InvalidOperationException)
        {
            // Broken Unicode in the head: then nothing is known from it; the calls say themselves what they need.
        }
    }

    private Fault? Parse(ReadOnlyMemory<byte> json, out JsonElement root)
    {
        root = default;
        try
        {
            var document = JsonDocument.Parse(json, Json);
            _documents.Add(document);
            root = document.RootElement;
            return null;
        }
        catch (JsonException malformed)
        {
            // The exception's own text quotes the input.
            return new Fault(Reasons.MalformedJson, $"not valid JSON at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}");
        }
    }

    private static ReadOnlyMemory<byte> RawOf(JsonElement element, ReadOnlyMemory<byte> body)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return body.Span.Overlaps(raw, out var offset) ? body.Slice(offset, raw.Length) : raw.ToArray();
    }
}
