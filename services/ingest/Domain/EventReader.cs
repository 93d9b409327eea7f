using System.Collections.Frozen;
using System.Text.Json;
using Commerce.Collection;
using Commerce.Orders;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Turns one call, as JSON, into what shall become of it. Pure: no clock, no I/O, no log.</summary>
internal static class EventReader
{
    private const int NameLengthMax = 200;

    /// <param name="json">The call.</param>
    /// <param name="raw">The bytes that <paramref name="json"/> was read from.</param>
    /// <param name="index">Position in the batch.</param>
    public static EventOutcome Read(JsonElement json, ReadOnlySpan<byte> raw, int index, EventRules rules, in EventContext context)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return Refuse(MessageIds.Derive(raw, index, context), null, new Fault(Reasons.NotAnObject, "the event is not a JSON object"));
        try
        {
            return Read(Envelope.Of(json), raw, index, rules, context);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json checks text only when it is read: broken UTF-8 and lone surrogates show up here.
            return Refuse(
                MessageIds.Derive(raw, index, context), null, new Fault(Reasons.InvalidText, "the event holds text that is not valid Unicode"));
        }
    }

    private static EventOutcome Read(Envelope envelope, ReadOnlySpan<byte> raw, int index, EventRules rules, in EventContext context)
    {
        if (envelope.Context.IsAbsent())
            envelope.Context = context.BatchContext;
        var kind = KindOf(context.Type ?? envelope.Type.Scalar());
        var name = NameOf(envelope, kind);
        var messageId = envelope.MessageId.Scalar() ?? MessageIds.Derive(raw, index, context);
        if (!Text.IsId(messageId))
        {
            return Refuse(
                MessageIds.Derive(raw, index, context), name,
                new Fault(Reasons.InvalidMessageId, $"messageId is longer than {Text.IdLengthMax} characters or has control characters"));
        }

        messageId = rules.Pseudonymizer.Reference(messageId);
        if (Check(envelope, kind, name, context.Source) is { } callFault)
            return Refuse(messageId, name, callFault);
        if (EventClock.Read(envelope, context.BatchSentAt, context.ReceivedAt, rules.Options, out var times) is { } timeFault)
            return Refuse(messageId, name, timeFault);
        if (kind == EventKind.TRACK && StockReader.Handles(name!))
        {
            return StockReader.Read(envelope.Properties, name!, messageId, times, rules.Pseudonymizer, context, out var command) is { } stockFault
                ? Refuse(messageId, name, stockFault)
                : new EventOutcome.Stock(messageId, command);
        }

        return Collect(envelope, kind, name, messageId, times, MayHoldCard(raw), rules, context);
    }

    private static EventOutcome Collect(
        in Envelope envelope, EventKind kind, string? name, string messageId, EventTimes times, bool mayHoldCard, EventRules rules, in EventContext context)
    {
        Order? order = null;
        Refund? refund = null;
        if (kind == EventKind.TRACK && name == OrderReader.EventName
            && OrderReader.Read(envelope.Properties, context.Source, rules, out order) is { } orderFault)
            return Refuse(messageId, name, orderFault);
        if (kind == EventKind.TRACK && name == RefundReader.EventName
            && RefundReader.Read(envelope.Properties, messageId, context.Source, rules, out refund) is { } refundFault)
            return Refuse(messageId, name, refundFault);
        if (Person.Read(envelope, rules.Pseudonymizer, out var person) is { } personFault)
            return Refuse(messageId, name, personFault);
        if (KeyOf(person, order, refund, context.Source.Source) is not { } key)
            return Refuse(messageId, name, new Fault(Reasons.NoIdentity, "there is neither userId nor anonymousId nor an e-mail address"));
        if (ConsentReader.Read(envelope, person, context.Source, rules.Consent, out var consent) is { } consentFault)
            return Refuse(messageId, name, consentFault);
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        if (ReadProperties(envelope, kind, isOrder: order is not null || refund is not null, mayHoldCard, rules.Pseudonymizer, properties) is { } propertyFault)
            return Refuse(messageId, name, propertyFault);

        var visit = Visit.Read(envelope);
        return new EventOutcome.Collected(
            new CollectedEvent
            {
                MessageId = messageId,
                Kind = kind,
                Name = name,
                Source = context.Source.Source,
                UserId = person.UserId,
                AnonymousId = person.AnonymousId,
                EmailPseudonym = person.EmailPseudonym,
                PreviousId = person.PreviousId,
                Timestamp = times.Timestamp,
                OriginalTimestamp = times.Original,
                SentAt = times.SentAt,
                ReceivedAt = context.ReceivedAt,
                Consent = consent,
                PageUrl = visit.PageUrl,
                ReferrerHost = visit.ReferrerHost,
                Campaign = visit.Campaign,
                Properties = properties,
                Order = order,
                Refund = refund,
            },
            key);
    }

    /// <summary>Rules of the call itself.</summary>
    private static Fault? Check(in Envelope envelope, EventKind kind, string? name, SourceProfile source) => kind switch
    {
        EventKind.UNKNOWN => new Fault(Reasons.UnknownType, "type is none of track, identify, page, screen, group, alias"),
        EventKind.TRACK when name is null => new Fault(Reasons.MissingEventName, "event, the name of what happened, is missing"),
        EventKind.TRACK when source.TrackingPlan.Count > 0 && !source.TrackingPlan.Contains(name) =>
            new Fault(Reasons.NotInTrackingPlan, "the source's tracking plan does not have this event"),
        EventKind.ALIAS when envelope.PreviousId.Scalar() is null => new Fault(Reasons.MissingPreviousId, "previousId is missing"),
        EventKind.GROUP when envelope.GroupId.Scalar() is null => new Fault(Reasons.MissingGroupId, "groupId is missing"),
        _ => null,
    };

    private static Fault? ReadProperties(in Envelope envelope, EventKind kind, bool isOrder, bool mayHoldCard, Pseudonymizer pseudonymizer, Dictionary<string, string> properties)
    {
        if (kind == EventKind.GROUP)
        {
            if (OrderFields.ReadId(envelope.GroupId, "groupId", pseudonymizer, out var groupId) is { } groupFault)
                return groupFault;
            properties["groupId"] = groupId!;
        }

        var alreadyRead = isOrder ? PropertyReader.OfOrders : kind is EventKind.PAGE or EventKind.SCREEN ? PropertyReader.OfPages : PropertyReader.None;
        return new PropertyReader(traits: false, alreadyRead, mayHoldCard).Read(envelope.Properties, properties)
            ?? new PropertyReader(traits: true, PropertyReader.None, mayHoldCard).Read(envelope.Traits, properties);
    }

    /// <summary>Kafka key: whatever one person does stays in order. An order of an unknown buyer meets its refunds.</summary>
    private static string? KeyOf(in Person person, Order? order, Refund? refund, Source source)
    {
        if (!person.IsUnknown)
            return Identifier.Key(source.Tenant, person.Identifiers(source.Platform).First());
        return (order?.OrderId ?? refund?.OrderId ?? refund?.RefundId) is { } id
            ? Identifier.Key(source.Tenant, Identifier.UnknownBuyer(source.Platform, id))
            : null;
    }

    private static string? NameOf(in Envelope envelope, EventKind kind) =>
        (kind == EventKind.TRACK ? envelope.Event : envelope.Name).Prose(NameLengthMax);

    private static EventKind KindOf(string? type) => type switch
    {
        "track" => EventKind.TRACK,
        "identify" => EventKind.IDENTIFY,
        "page" => EventKind.PAGE,
        "screen" => EventKind.SCREEN,
        "group" => EventKind.GROUP,
        "alias" => EventKind.ALIAS,
        _ => EventKind.UNKNOWN,
    };

    // One pass over the bytes decides for nearly every event that no value needs to be looked at; \u003x is an escaped digit.
    private static bool MayHoldCard(ReadOnlySpan<byte> raw) => CardNumber.IsIn(raw) || raw.IndexOf("\\u003"u8) >= 0;

    private static EventOutcome.Quarantined Refuse(string messageId, string? name, Fault fault) => new(messageId, name, fault);
}
