using System.Text.Json;

namespace Commerce.Streaming.EventSender;

/// <summary>Which API takes a call.</summary>
public enum CallTarget
{
    /// <summary>The collection API, in batches.</summary>
    Collection,

    /// <summary>The consent API, one decision at a time.</summary>
    Consent,
}

/// <summary>A finite sequence of API calls in the order in which they must arrive; the same sequence whenever it is opened.</summary>
public interface ICallStream
{
    /// <summary>Names the sequence: two streams with one fingerprint hold the same calls at the same positions.</summary>
    string Fingerprint { get; }

    int Count { get; }

    CallTarget TargetOf(int position);

    /// <summary>When the call happened.</summary>
    DateTimeOffset TimeOf(int position);

    /// <summary>True for a call that the API is expected to refuse.</summary>
    bool RefusalIsExpected(int position);

    /// <summary>Writes the call's JSON object.</summary>
    void Write(int position, Utf8JsonWriter json);
}
