using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Reads the settings of topics (type 2) and of the broker (type 4): each with its value, source, type and meaning.
/// <para>Versions 1 to 4, flexible from 4; from 3 with types and documentation.</para>
/// <para>Not simulated: loggers, groups and client metrics have no settings here. The documentation says of a setting that
/// is kept but not acted on why that is so.</para>
/// </summary>
internal sealed class DescribeConfigs(TopicCatalog topics, LocalBrokerOptions options) : Api(ApiKey.DescribeConfigs, 1, 4, flexibleFrom: 4)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var wanted = new List<Wanted>();
        for (var count = reader.Array(); count > 0; count--)
        {
            var (type, name) = ((ConfigResource)reader.Int8(), reader.String());
            wanted.Add(new Wanted(type, name, ReadKeys(ref reader)));
            reader.Tags();
        }

        var withSynonyms = reader.Bool();
        var withDocumentation = version >= 3 && reader.Bool();
        var response = request.Response.Int32(0).Array(wanted.Count);
        foreach (var resource in wanted)
        {
            var (error, message, settings) = Describe(resource);
            response.Error(error).String(message).Int8((sbyte)resource.Type).String(resource.Name).Array(settings.Count);
            foreach (var setting in settings)
                Write(response, version, setting, withSynonyms, withDocumentation);
            response.Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static List<string>? ReadKeys(ref RequestReader reader)
    {
        var count = reader.NullableArray();
        if (count < 0)
            return null;
        var keys = new List<string>();
        for (; count > 0; count--)
            keys.Add(reader.String());
        return keys;
    }

    private (ErrorCode Error, string? Message, List<Setting> Settings) Describe(Wanted wanted)
    {
        if (wanted.Type == ConfigResource.Topic)
        {
            if (topics.Find(wanted.Name) is not { } topic)
                return (ErrorCode.UnknownTopicOrPartition, null, []);
            var all = TopicConfigKeys.All.Values.Select(key => new Setting(
                key.Name, topic.Config.Value(key.Name), topic.Config.SourceOf(key.Name), key.Type, key.Documentation, false));
            return (ErrorCode.None, null, [.. all.Where(wanted.Includes)]);
        }

        if (wanted.Type == ConfigResource.Broker)
            return (ErrorCode.None, null, [.. BrokerSettings.Of(options).Where(wanted.Includes)]);
        return (ErrorCode.InvalidRequest, "Only topics and the broker have settings here.", []);
    }

    private static void Write(ResponseWriter response, short version, Setting setting, bool withSynonyms, bool withDocumentation)
    {
        response.String(setting.Name).String(setting.Value).Bool(setting.ReadOnly).Int8((sbyte)setting.Source).Bool(false);
        if (withSynonyms)
            response.Array(1).String(setting.Name).String(setting.Value).Int8((sbyte)setting.Source).Tags();
        else
            response.Array(0);
        if (version >= 3)
            response.Int8((sbyte)setting.Type).String(withDocumentation ? setting.Documentation : null);
        response.Tags();
    }

    private sealed record Wanted(ConfigResource Type, string Name, List<string>? Keys)
    {
        public bool Includes(Setting setting) => Keys is null || Keys.Contains(setting.Name, StringComparer.Ordinal);
    }
}
