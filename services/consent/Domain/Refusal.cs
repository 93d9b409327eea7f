namespace Commerce.Streaming.Consent.Domain;

/// <summary>Why a request is not carried out.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Detail">What is wrong, in words, without the values sent.</param>
internal readonly record struct Refusal(string Reason, string Detail);

/// <summary>Every reason code there is.</summary>
internal static class Reasons
{
    public const string MalformedJson = "malformed_json";
    public const string NotAnObject = "not_an_object";
    public const string BodyTooLarge = "body_too_large";
    public const string MissingSubject = "missing_subject";
    public const string MissingPlatform = "missing_platform";
    public const string InvalidSubject = "invalid_subject";
    public const string InvalidTenant = "invalid_tenant";
    public const string InvalidEmail = "invalid_email";
    public const string MissingPurposes = "missing_purposes";
    public const string UnknownPurpose = "unknown_purpose";
    public const string InvalidPurpose = "invalid_purpose";
    public const string InvalidField = "invalid_field";
    public const string InvalidTime = "invalid_time";
    public const string NoDecision = "no_decision";
    public const string Starting = "starting";
    public const string KafkaUnavailable = "kafka_unavailable";
    public const string Undecided = "undecided";
}
