namespace Commerce.Streaming.Attribution.Domain;

/// <summary>Names of channels as credits carry them.</summary>
public static class Channels
{
    /// <summary>No touch led to the order.</summary>
    public const string Direct = "direct";

    /// <summary>Touches there were, but consent forbids to use them.</summary>
    public const string Unconsented = "unconsented";

    public const string CrossNetwork = "cross_network";
    public const string PaidShopping = "paid_shopping";
    public const string PaidSearch = "paid_search";
    public const string PaidSocial = "paid_social";
    public const string PaidVideo = "paid_video";
    public const string Display = "display";
    public const string PaidOther = "paid_other";
    public const string OrganicShopping = "organic_shopping";
    public const string OrganicSocial = "organic_social";
    public const string OrganicVideo = "organic_video";
    public const string OrganicSearch = "organic_search";
    public const string Referral = "referral";
    public const string Email = "email";
    public const string Affiliates = "affiliates";
    public const string Audio = "audio";
    public const string Sms = "sms";
    public const string MobilePush = "mobile_push";

    /// <summary>A campaign that no rule knows.</summary>
    public const string Unassigned = "unassigned";
}
