using System.Globalization;
using System.Text.Json;
using Commerce.Streaming.EventSender;
using Commerce.Streaming.ShopEvents;

namespace Commerce.Streaming.OnlineRetail;

/// <summary>A plan as the sender takes it.</summary>
/// <param name="plan">The calls.</param>
/// <param name="options">What the plan was made with.</param>
/// <param name="destination">Names where it goes: a position acknowledged by one platform says nothing about another.</param>
public sealed class RetailCallStream(RetailPlan plan, RetailOptions options, string destination) : ICallStream
{
    public string Fingerprint { get; } = new MessageIds(plan.File.ContentHash).For(
        "stream",
        string.Create(CultureInfo.InvariantCulture, $"{options.Seed}/{options.WithTouches}/{plan.Count}/{destination}"));

    public int Count => plan.Count;

    public CallTarget TargetOf(int position) => CallTarget.Collection;

    public DateTimeOffset TimeOf(int position) => plan.TimeOf(position);

    public bool RefusalIsExpected(int position) => plan.IsBookkeeping(position);

    public void Write(int position, Utf8JsonWriter json) => ShopCallWriter.Write(json, plan[position]);
}
