using System.Globalization;
using System.Text.Json;
using Commerce.Consent;
using Commerce.Streaming.Identifiers;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Consent.Domain;

/// <summary>What is asked: for whom, which purposes, where it was given.</summary>
/// <param name="Analytics">Null when the request does not mention it.</param>
internal sealed record DecisionRequest(
    IReadOnlyList<string> Subjects,
    string Tenant,
    bool? Analytics,
    bool? Advertising,
    bool? Personalization,
    string Origin,
    string? Jurisdiction,
    string? DecisionId,
    DateTimeOffset DecidedAt)
{
    public const string DefaultTenant = "default";
    private const int FieldLengthMax = 100;

    public static Refusal? Read(JsonElement json, Pseudonymizer pseudonymizer, DateTimeOffset now, ConsentOptions options, out DecisionRequest request)
    {
        request = null!;
        if (json.ValueKind != JsonValueKind.Object)
            return new Refusal(Reasons.NotAnObject, "the body is not a JSON object");
        var subject = Member(json, "subject");
        if (subject.ValueKind != JsonValueKind.Object)
            return new Refusal(Reasons.MissingSubject, "the body has no object 'subject'");
        if (Subject.Read(
            Id(subject, "userId"), Id(subject, "anonymousId"), Id(subject, "email"), Id(subject, "platform"), pseudonymizer, out var subjects) is { } subjectRefusal)
            return subjectRefusal;
        if (ReadPurposes(Member(json, "purposes"), out var purposes) is { } purposeRefusal)
            return purposeRefusal;
        if (ReadTime(Member(json, "decidedAt"), now, options, out var decidedAt) is { } timeRefusal)
            return timeRefusal;
        foreach (var name in (string[])["source", "jurisdiction", "tenant", "decisionId"])
        {
            if (!IsField(Member(json, name)))
                return new Refusal(Reasons.InvalidField, $"{name} is not text of up to {FieldLengthMax} characters");
        }

        var tenant = Id(json, "tenant") ?? DefaultTenant;
        if (!Identifier.IsName(tenant))
            return new Refusal(Reasons.InvalidTenant, "tenant has characters other than letters, digits, - and _");

        request = new DecisionRequest(
            subjects, tenant,
            purposes.GetValueOrDefault("analytics"), purposes.GetValueOrDefault("advertising"), purposes.GetValueOrDefault("personalization"),
            Kept("source") ?? "api", Kept("jurisdiction"), Kept("decisionId"), decidedAt);
        return null;

        string? Kept(string name) => Id(json, name) is { } text ? pseudonymizer.Reference(text) : null;
    }

    /// <summary>What is asked for one of its identifiers.</summary>
    public ConsentRequested For(string subject, string requestId) => new()
    {
        RequestId = requestId,
        Tenant = Tenant,
        Subject = subject,
        Analytics = Analytics,
        Advertising = Advertising,
        Personalization = Personalization,
        Origin = Origin,
        Jurisdiction = Jurisdiction,
        DecisionId = DecisionId,
        DecidedAt = DecidedAt,
    };

    private static Refusal? ReadPurposes(JsonElement json, out Dictionary<string, bool?> purposes)
    {
        purposes = new Dictionary<string, bool?>(StringComparer.Ordinal);
        if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Any())
            return new Refusal(Reasons.MissingPurposes, "the body has no object 'purposes' with analytics, advertising or personalization");
        foreach (var purpose in json.EnumerateObject())
        {
            if (purpose.Name is not ("analytics" or "advertising" or "personalization"))
                return new Refusal(Reasons.UnknownPurpose, "purposes are analytics, advertising and personalization");
            if (purpose.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                return new Refusal(Reasons.InvalidPurpose, $"purposes.{purpose.Name} is neither true nor false");
            purposes[purpose.Name] = purpose.Value.GetBoolean();
        }

        return null;
    }

    private static Refusal? ReadTime(JsonElement json, DateTimeOffset now, ConsentOptions options, out DateTimeOffset decidedAt)
    {
        decidedAt = now;
        if (json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (json.ValueKind != JsonValueKind.String || !DateTimeOffset.TryParse(
            json.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out decidedAt))
            return new Refusal(Reasons.InvalidTime, "decidedAt is not an ISO 8601 time");
        return decidedAt <= now.AddMinutes(options.FutureMinutesMax) ? null : new Refusal(Reasons.InvalidTime, "decidedAt lies in the future");
    }

    private static JsonElement Member(JsonElement json, string name) => json.TryGetProperty(name, out var member) ? member : default;

    private static string? Id(JsonElement json, string name) => Member(json, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Trim(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static bool IsField(JsonElement json) =>
        json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
        || (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 and <= FieldLengthMax } text && !text.AsSpan().ContainsAnyInRange('\0', '\u001f'));
}
