using System.Text.Json;
using Commerce.Streaming.Attribution.Domain;

namespace Commerce.Streaming.Attribution.Adapters;

/// <summary>Reads channels.json, which is part of the assembly.</summary>
public static class ChannelRulesFile
{
    private sealed record File(
        string[] Search, string[] Social, string[] Shopping, string[] Video, Dictionary<string, ClickIdOrigin> ClickIds, string[] NotReferrers);

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static ChannelRules Load()
    {
        using var stream = typeof(ChannelRulesFile).Assembly.GetManifestResourceStream("channels.json")!;
        var file = JsonSerializer.Deserialize<File>(stream, Strict)!;
        return new ChannelRules
        {
            Search = new SourceList(file.Search),
            Social = new SourceList(file.Social),
            Shopping = new SourceList(file.Shopping),
            Video = new SourceList(file.Video),
            ClickIds = file.ClickIds,
            NotReferrers = new SourceList(file.NotReferrers),
        };
    }
}
