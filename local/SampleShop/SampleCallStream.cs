using System.Globalization;
using System.Text.Json;
using Commerce.Streaming.EventSender;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.SampleShop;

/// <summary>The sample's events as the sender takes them.</summary>
/// <param name="destination">Names where it goes.</param>
public sealed class SampleCallStream(SampleData sample, string destination) : ICallStream
{
    public string Fingerprint { get; } = new MessageIds(SampleOptions.Platform).For(
        "stream", string.Create(CultureInfo.InvariantCulture, $"{sample.Truth.Seed}/{sample.Events.Count}/{destination}"));

    public int Count => sample.Events.Count;

    public CallTarget TargetOf(int position) => sample.Events[position].Target;

    public DateTimeOffset TimeOf(int position) => sample.Events[position].At;

    public bool RefusalIsExpected(int position) => sample.Events[position].Refusal is not null;

    public void Write(int position, Utf8JsonWriter json) => json.WriteRawValue(sample.Events[position].Call.Span, skipInputValidation: true);
}
