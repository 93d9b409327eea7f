using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Sets, removes, and for lists extends or shortens single settings of topics, in force at once.
/// <para>Versions 0 and 1, flexible from 1.</para>
/// <para>Not simulated: settings of the broker, which its options fix at start (refused).</para>
/// </summary>
internal sealed class IncrementalAlterConfigs(TopicCatalog topics) : Api(ApiKey.IncrementalAlterConfigs, 0, 1, flexibleFrom: 1)
{
    private const sbyte Set = 0;
    private const sbyte Delete = 1;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;

    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var wanted = new List<(sbyte Type, string Name, List<Change> Changes)>();
        for (var count = reader.Array(); count > 0; count--)
        {
            wanted.Add((reader.Int8(), reader.String(), ReadChanges(ref reader)));
            reader.Tags();
        }

        var validateOnly = reader.Bool();
        ConfigAlteration.WriteResults(
            request.Response, wanted, r => Alter(r.Type, r.Name, r.Changes, validateOnly), r => (r.Type, r.Name));
        return ValueTask.CompletedTask;
    }

    private static List<Change> ReadChanges(ref RequestReader reader)
    {
        var changes = new List<Change>();
        for (var count = reader.Array(); count > 0; count--)
        {
            changes.Add(new Change(reader.String(), reader.Int8(), reader.NullableString()));
            reader.Tags();
        }

        return changes;
    }

    private (ErrorCode Error, string? Message) Alter(sbyte type, string name, List<Change> changes, bool validateOnly)
    {
        if (type != (sbyte)ConfigResource.Topic)
            return (ErrorCode.InvalidRequest, "Only topic settings can be altered; the broker's are fixed at start.");
        if (topics.Find(name) is not { } topic)
            return (ErrorCode.UnknownTopicOrPartition, null);
        var outcome = Apply(topic.Config, changes);
        if (outcome.Message is not null)
            return (ErrorCode.InvalidConfig, outcome.Message);
        return validateOnly ? (ErrorCode.None, null) : (topics.Alter(name, _ => outcome.Settings), null);
    }

    private static (Dictionary<string, string> Settings, string? Message) Apply(TopicConfig config, List<Change> changes)
    {
        var settings = new Dictionary<string, string>(config.Overrides, StringComparer.Ordinal);
        foreach (var (name, operation, value) in changes)
        {
            if (!TopicConfigKeys.All.TryGetValue(name, out var key))
                return (settings, $"Unknown topic config name: {name}");
            if (operation == Delete)
            {
                settings.Remove(name);
                continue;
            }

            if (operation is Append or Subtract && key.Type != ConfigType.List)
                return (settings, $"{name} is no list: set it.");
            var words = config.Value(name).Split(',', StringSplitOptions.RemoveEmptyEntries).ToList();
            var altered = operation switch
            {
                Set => value,
                Append => string.Join(',', words.Union((value ?? "").Split(','))),
                Subtract => string.Join(',', words.Except((value ?? "").Split(','))),
                _ => null,
            };
            if (key.Reject(altered) is { } reason)
                return (settings, reason);
            settings[name] = altered!;
        }

        return (settings, null);
    }

    private sealed record Change(string Name, sbyte Operation, string? Value);
}
