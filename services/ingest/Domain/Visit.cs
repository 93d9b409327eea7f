using System.Collections.Frozen;
using System.Text.Json;
using Commerce.Collection;
using Commerce.Streaming.Privacy;

namespace Commerce.Streaming.Ingest.Domain;

/// <summary>Where an event happened and what brought the visitor there.</summary>
internal readonly record struct Visit(string? PageUrl, string? ReferrerHost, Campaign? Campaign)
{
    private const int UrlLengthMax = 1_000;
    private const int CampaignLengthMax = 200;

    private static readonly IReadOnlyDictionary<string, string> NoParameters = FrozenDictionary<string, string>.Empty;

    private static readonly string[] ClickIds = ["gclid", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "ttclid"];

    public static Visit Read(in Envelope envelope)
    {
        var page = envelope.Context.Member("page"u8);
        // Page calls carry the page in their properties; other calls only in the context.
        var url = UriIn(page, "url"u8) ?? UriIn(envelope.Properties, "url"u8);
        var referrer = UriIn(page, "referrer"u8) ?? UriIn(envelope.Context.Member("referrer"u8), "url"u8) ?? UriIn(envelope.Properties, "referrer"u8);
        var query = QueryOf(url?.Query is { Length: > 1 } own ? own : page.Member("search"u8).Scalar());
        return new Visit(WithoutQuery(url), ExternalHost(referrer, url), CampaignOf(envelope.Context.Member("campaign"u8), query));
    }

    private static Uri? UriIn(JsonElement json, ReadOnlySpan<byte> member) =>
        json.Member(member).Scalar() is { } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? uri
            : null;

    private static string? WithoutQuery(Uri? url) =>
        url is null ? null : Text.Clean(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped), UrlLengthMax);

    private static string? ExternalHost(Uri? referrer, Uri? page)
    {
        if (referrer is null || referrer.IdnHost.Length == 0)
            return null;
        var host = referrer.IdnHost.ToLowerInvariant();
        return page is not null && Site(host) == Site(page.IdnHost.ToLowerInvariant()) ? null : host;
    }

    private static string Site(string host) => host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;

    private static IReadOnlyDictionary<string, string> QueryOf(string? query)
    {
        if (string.IsNullOrEmpty(query))
            return NoParameters;
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && equals < pair.Length - 1)
                values.TryAdd(pair[..equals], Uri.UnescapeDataString(pair[(equals + 1)..].Replace('+', ' ')));
        }

        return values;
    }

    private static Campaign? CampaignOf(JsonElement stated, IReadOnlyDictionary<string, string> query)
    {
        var campaign = new Campaign
        {
            Source = stated.Member("source"u8).Prose(CampaignLengthMax) ?? Parameter(query, "utm_source"),
            Medium = stated.Member("medium"u8).Prose(CampaignLengthMax) ?? Parameter(query, "utm_medium"),
            Name = stated.Member("name"u8).Prose(CampaignLengthMax) ?? Parameter(query, "utm_campaign"),
            Term = stated.Member("term"u8).Prose(CampaignLengthMax) ?? Parameter(query, "utm_term"),
            Content = stated.Member("content"u8).Prose(CampaignLengthMax) ?? Parameter(query, "utm_content"),
            ClickId = ClickIdOf(query),
        };
        return campaign is { Source: null, Medium: null, Name: null, Term: null, Content: null, ClickId: null } ? null : campaign;
    }

    private static string? ClickIdOf(IReadOnlyDictionary<string, string> query)
    {
        foreach (var kind in ClickIds)
        {
            // Case matters in click ids: they are passed on as they came, never lower-cased.
            if (query.TryGetValue(kind, out var value) && Text.IsId(value) && !PersonalData.ContainsEmail(value))
                return $"{kind}:{value}";
        }

        return null;
    }

    private static string? Parameter(IReadOnlyDictionary<string, string> query, string name) =>
        query.TryGetValue(name, out var value) && Text.Clean(value.Trim(), CampaignLengthMax) is { Length: > 0 } clean ? clean : null;
}
