using System.Text.Json;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>The fields that all calls share, each found in one pass over the object.</summary>
internal struct Envelope
{
    public JsonElement Type;
    public JsonElement MessageId;
    public JsonElement UserId;
    public JsonElement AnonymousId;
    public JsonElement PreviousId;
    public JsonElement GroupId;
    public JsonElement Event;
    public JsonElement Name;
    public JsonElement Timestamp;
    public JsonElement OriginalTimestamp;
    public JsonElement SentAt;
    public JsonElement Properties;
    public JsonElement Traits;
    public JsonElement Context;

    public static Envelope Of(JsonElement call)
    {
        var envelope = new Envelope();
        foreach (var field in call.EnumerateObject())
            envelope.Take(field);
        return envelope;
    }

    private void Take(JsonProperty field)
    {
        if (field.NameEquals("type"u8))
            Type = field.Value;
        else if (field.NameEquals("messageId"u8))
            MessageId = field.Value;
        else if (field.NameEquals("userId"u8))
            UserId = field.Value;
        else if (field.NameEquals("anonymousId"u8))
            AnonymousId = field.Value;
        else if (field.NameEquals("event"u8))
            Event = field.Value;
        else if (field.NameEquals("properties"u8))
            Properties = field.Value;
        else if (field.NameEquals("context"u8))
            Context = field.Value;
        else if (field.NameEquals("timestamp"u8))
            Timestamp = field.Value;
        else if (field.NameEquals("traits"u8))
            Traits = field.Value;
        else
            TakeRare(field);
    }

    private void TakeRare(JsonProperty field)
    {
        if (field.NameEquals("originalTimestamp"u8))
            OriginalTimestamp = field.Value;
        else if (field.NameEquals("sentAt"u8))
            SentAt = field.Value;
        else if (field.NameEquals("name"u8))
            Name = field.Value;
        else if (field.NameEquals("previousId"u8))
            PreviousId = field.Value;
        else if (field.NameEquals("groupId"u8))
            GroupId = field.Value;
    }
}
