using System.Buffers;
using System.Text.Json;

namespace Commerce.Streaming.EventSender;

/// <summary>A request body in a buffer that is used again and again.</summary>
internal sealed class CallBatch : IDisposable
{
    // Orders are written by this program: checking its own bracket pairs at every token would cost a quarter of the time.
    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 20);
    private readonly Utf8JsonWriter _json;

    public CallBatch() => _json = new Utf8JsonWriter(_buffer, Unchecked);

    public CallTarget Target { get; private set; }

    /// <summary>Positions [First, Next).</summary>
    public int First { get; private set; }
    public int Next { get; private set; }
    public ReadOnlyMemory<byte> Body => _buffer.WrittenMemory;

    /// <summary>Takes calls from <paramref name="first"/> on: of one target, up to the limits, none after <paramref name="until"/>.</summary>
    public void Fill(ICallStream calls, int first, DateTimeOffset until, SendOptions options)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        First = Next = first;
        Target = calls.TargetOf(first);
        if (Target == CallTarget.Consent)
        {
            calls.Write(Next++, _json);
            _json.Flush();
            return;
        }

        _json.WriteStartObject();
        _json.WriteStartArray("batch"u8);
        do
        {
            calls.Write(Next++, _json);
        }
        while (Next < calls.Count
            && Next - First < options.BatchEventsMax
            && _json.BytesCommitted + _json.BytesPending < options.BatchBytesMax
            && calls.TargetOf(Next) == CallTarget.Collection
            && calls.TimeOf(Next) <= until);
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Dispose() => _json.Dispose();
}
