namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Why an event is not accepted.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Detail">What is wrong and where, in words, without values that could identify a person.</param>
internal readonly record struct Fault(string Reason, string Detail);

/// <summary>Every reason code there is: a bounded set, so that it can label metrics and be matched by clients.</summary>
internal static class Reasons
{
    public const string MalformedJson = "malformed_json";
    public const string NotAnObject = "not_an_object";
    public const string InvalidText = "invalid_text";
    public const string UnknownType = "unknown_type";
    public const string MissingEventName = "missing_event_name";
    public const string NotInTrackingPlan = "not_in_tracking_plan";
    public const string InvalidMessageId = "invalid_message_id";
    public const string InvalidId = "invalid_id";
    public const string NoIdentity = "no_identity";
    public const string MissingPreviousId = "missing_previous_id";
    public const string MissingGroupId = "missing_group_id";
    public const string InvalidTimestamp = "invalid_timestamp";
    public const string TimestampInFuture = "timestamp_in_future";
    public const string TimestampTooOld = "timestamp_too_old";
    public const string MissingOrderId = "missing_order_id";
    public const string InvalidCurrency = "invalid_currency";
    public const string InvalidAmount = "invalid_amount";
    public const string MissingTotal = "missing_total";
    public const string NegativeTotal = "negative_total";
    public const string MissingPrice = "missing_price";
    public const string NegativePrice = "negative_price";
    public const string NegativeDiscount = "negative_discount";
    public const string InvalidQuantity = "invalid_quantity";
    public const string NegativeQuantity = "negative_quantity";
    public const string InvalidProducts = "invalid_products";
    public const string TooManyProducts = "too_many_products";
    public const string MissingProductId = "missing_product_id";
    public const string DuplicateLine = "duplicate_line";
    public const string MissingSku = "missing_sku";
    public const string InvalidConsent = "invalid_consent";
    public const string CardNumber = "card_number";
    public const string EventTooLarge = "event_too_large";
}
