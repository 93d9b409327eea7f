using System.Text.RegularExpressions;
using Commerce.Collection;

namespace Commerce.Streaming.Attribution.Domain;

/// <summary>
/// Sorts a visit into a channel, after GA4's default channel group (support.google.com/analytics/answer/9756891): the first rule that
/// matches holds. Lists of sources are data, see channels.json.
/// </summary>
public sealed partial class ChannelRules
{
    public required SourceList Search { get; init; }

    public required SourceList Social { get; init; }

    public required SourceList Shopping { get; init; }

    public required SourceList Video { get; init; }

    /// <summary>Hosts that send people back in the middle of a visit: payment and sign-in. They brought nobody.</summary>
    public required SourceList NotReferrers { get; init; }

    /// <summary>What an ad click id says of source and medium when the campaign does not.</summary>
    public required IReadOnlyDictionary<string, ClickIdOrigin> ClickIds { get; init; }

    /// <summary>The channel of a visit; null when it came directly.</summary>
    public string? ChannelOf(Campaign? campaign, string? referrerHost)
    {
        var click = ClickOf(campaign?.ClickId);
        var source = Text(campaign?.Source) ?? click?.Source;
        var medium = Text(campaign?.Medium) ?? click?.Medium;
        var name = Text(campaign?.Name);
        if (source is null && medium is null && name is null)
        {
            source = Text(referrerHost);
            if (source is null || NotReferrers.Contains(source)) return null;
            medium = "referral";
        }
        if (source == "(direct)" && medium is null or "(none)" or "(not set)") return null;
        return Paid(source, medium, name) ?? Unpaid(source, medium, name);
    }

    private string? Paid(string? source, string? medium, string? name)
    {
        if (name?.Contains("cross-network", StringComparison.Ordinal) == true) return Channels.CrossNetwork;
        var paid = medium is not null && PaidMedium().IsMatch(medium);
        if (paid && IsShopping(source, name)) return Channels.PaidShopping;
        if (paid && Search.Contains(source)) return Channels.PaidSearch;
        if (paid && Social.Contains(source)) return Channels.PaidSocial;
        if (paid && Video.Contains(source)) return Channels.PaidVideo;
        if (medium is "display" or "banner" or "expandable" or "interstitial" or "cpm") return Channels.Display;
        return paid ? Channels.PaidOther : null;
    }

    private string Unpaid(string? source, string? medium, string? name)
    {
        if (IsShopping(source, name)) return Channels.OrganicShopping;
        if (Social.Contains(source) || medium is "social" or "social-network" or "social-media" or "sm" or "social network" or "social media")
            return Channels.OrganicSocial;
        if (Video.Contains(source) || medium?.Contains("video", StringComparison.Ordinal) == true) return Channels.OrganicVideo;
        if (Search.Contains(source) || medium == "organic") return Channels.OrganicSearch;
        // Before referral, as GA4's own page lists it; they meet only where a source is called email.
        if (IsEmail(source) || IsEmail(medium)) return Channels.Email;
        if (medium is "affiliate" or "affiliates") return Channels.Affiliates;
        if (medium is "referral" or "app" or "link") return Channels.Referral;
        if (medium == "audio") return Channels.Audio;
        if (source == "sms" || medium == "sms") return Channels.Sms;
        return IsPush(source, medium) ? Channels.MobilePush : Channels.Unassigned;
    }

    private bool IsShopping(string? source, string? name) => Shopping.Contains(source) || (name is not null && ShoppingCampaign().IsMatch(name));

    private static bool IsEmail(string? text) => text is "email" or "e-mail" or "e_mail" or "e mail";

    private static bool IsPush(string? source, string? medium) =>
        source == "firebase"
        || (medium is not null
            && (medium.EndsWith("push", StringComparison.Ordinal)
                || medium.Contains("mobile", StringComparison.Ordinal)
                || medium.Contains("notification", StringComparison.Ordinal)));

    private ClickIdOrigin? ClickOf(string? clickId)
    {
        if (clickId is null) return null;
        var end = clickId.IndexOf(':', StringComparison.Ordinal);
        return ClickIds.GetValueOrDefault(end < 0 ? clickId : clickId[..end]);
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim().ToLowerInvariant();

    [GeneratedRegex("^(.*cp.*|ppc|retargeting|paid.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex PaidMedium();

    [GeneratedRegex("([^a-df-z]|^)shop|shopping", RegexOptions.CultureInvariant)]
    private static partial Regex ShoppingCampaign();
}

/// <summary>What an ad click id says of its visit.</summary>
public sealed record ClickIdOrigin(string? Source, string? Medium);
