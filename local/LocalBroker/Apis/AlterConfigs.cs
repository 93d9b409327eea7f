using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Replaces all settings of topics by those given (the older request; what is not named goes back to its default).
/// <para>Versions 0 to 2, flexible from 2.</para>
/// <para>Not simulated: settings of the broker, which its options fix at start (refused).</para>
/// </summary>
internal sealed class AlterConfigs(TopicCatalog topics) : Api(ApiKey.AlterConfigs, 0, 2, flexibleFrom: 2)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var wanted = new List<(sbyte Type, string Name, List<KeyValuePair<string, string?>> Config)>();
        for (var count = reader.Array(); count > 0; count--)
        {
            wanted.Add((reader.Int8(), reader.String(), ReadConfig(ref reader)));
            reader.Tags();
        }

        var validateOnly = reader.Bool();
        ConfigAlteration.WriteResults(
            request.Response, wanted, r => Alter(r.Type, r.Name, r.Config, validateOnly), r => (r.Type, r.Name));
        return ValueTask.CompletedTask;
    }

    private static List<KeyValuePair<string, string?>> ReadConfig(ref RequestReader reader)
    {
        var config = new List<KeyValuePair<string, string?>>();
        for (var count = reader.Array(); count > 0; count--)
        {
            config.Add(new KeyValuePair<string, string?>(reader.String(), reader.NullableString()));
            reader.Tags();
        }

        return config;
    }

    private (ErrorCode Error, string? Message) Alter(sbyte type, string name, List<KeyValuePair<string, string?>> config, bool validateOnly)
    {
        if (type != (sbyte)ConfigResource.Topic)
            return (ErrorCode.InvalidRequest, "Only topic settings can be altered; the broker's are fixed at start.");
        if (topics.Find(name) is null)
            return (ErrorCode.UnknownTopicOrPartition, null);
        if (TopicConfig.Reject(config) is { } reason)
            return (ErrorCode.InvalidConfig, reason);
        return validateOnly ? (ErrorCode.None, null) : (topics.Alter(name, _ => TopicConfig.Accept(config)), null);
    }
}
