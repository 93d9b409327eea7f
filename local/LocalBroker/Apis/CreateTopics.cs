using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Creates topics with a number of partitions (-1: the broker's default) and settings, or only says whether it could.
/// <para>Versions 2 to 7, flexible from 5; from 5 the answer names partitions and settings, from 7 the topic's id.</para>
/// <para>Not simulated: replicas. A replication factor other than 1 or -1 is refused, as on a cluster of one broker.</para>
/// </summary>
internal sealed class CreateTopics(TopicCatalog topics, LocalBrokerOptions options) : Api(ApiKey.CreateTopics, 2, 7, flexibleFrom: 5)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var wanted = new List<Wanted>();
        for (var count = reader.Array(); count > 0; count--)
            wanted.Add(ReadTopic(ref reader));
        reader.Int32();
        var validateOnly = reader.Bool();
        var twice = wanted.GroupBy(topic => topic.Name).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        var response = request.Response.Int32(0).Array(wanted.Count);
        foreach (var topic in wanted)
        {
            var result = twice.Contains(topic.Name)
                ? new Result(topic.Name, ErrorCode.InvalidRequest, "The request names the topic more than once.", null)
                : Create(topic, validateOnly);
            Write(response, request.Version, result);
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static Wanted ReadTopic(ref RequestReader reader)
    {
        var (name, partitions, replicas) = (reader.String(), reader.Int32(), reader.Int16());
        var assigned = 0;
        for (var count = reader.Array(); count > 0; count--)
        {
            reader.Int32();
            reader.Int32Array();
            reader.Tags();
            assigned++;
        }

        var config = new List<KeyValuePair<string, string?>>();
        for (var count = reader.Array(); count > 0; count--)
        {
            config.Add(new KeyValuePair<string, string?>(reader.String(), reader.NullableString()));
            reader.Tags();
        }

        reader.Tags();
        return new Wanted(name, assigned > 0 ? assigned : partitions, replicas, config);
    }

    private Result Create(Wanted wanted, bool validateOnly)
    {
        var partitions = wanted.Partitions == -1 ? options.DefaultPartitions : wanted.Partitions;
        var (error, message) = Check(wanted, partitions);
        if (error != ErrorCode.None)
            return new Result(wanted.Name, error, message, null);
        var config = TopicConfig.Accept(wanted.Config);
        if (validateOnly)
            return new Result(wanted.Name, ErrorCode.None, null, null) { Partitions = partitions, Config = topics.Defaults.With(config) };
        var (refused, reason, topic) = topics.Create(wanted.Name, partitions, config);
        return refused == ErrorCode.None
            ? new Result(wanted.Name, ErrorCode.None, null, topic) { Partitions = partitions, Config = topic!.Config }
            : new Result(wanted.Name, refused, reason, null);
    }

    private (ErrorCode Error, string? Message) Check(Wanted wanted, int partitions)
    {
        if (TopicName.Reject(wanted.Name) is { } badName)
            return (ErrorCode.InvalidTopic, badName);
        if (topics.Find(wanted.Name) is not null)
            return (ErrorCode.TopicAlreadyExists, $"Topic '{wanted.Name}' already exists.");
        if (partitions is < 1 or > TopicCatalog.MaxPartitionsOfTopic)
            return (ErrorCode.InvalidPartitions, $"Number of partitions must be between 1 and {TopicCatalog.MaxPartitionsOfTopic}.");
        if (wanted.Replicas is not (1 or -1))
            return (ErrorCode.InvalidReplicationFactor, "This broker is alone: the replication factor is 1.");
        return TopicConfig.Reject(wanted.Config) is { } badConfig ? (ErrorCode.InvalidConfig, badConfig) : (ErrorCode.None, null);
    }

    private static void Write(ResponseWriter response, short version, Result result)
    {
        response.String(result.Name);
        if (version >= 7)
            response.Uuid(result.Topic?.Id ?? Guid.Empty);
        response.Error(result.Error).String(result.Message);
        if (version >= 5)
        {
            response.Int32(result.Partitions).Int16(result.Config is null ? (short)-1 : (short)1);
            var keys = result.Config is null ? [] : TopicConfigKeys.All.Values.ToList();
            response.Array(keys.Count);
            foreach (var key in keys)
            {
                response.String(key.Name).String(result.Config!.Value(key.Name)).Bool(false);
                response.Int8((sbyte)result.Config.SourceOf(key.Name)).Bool(false).Tags();
            }
        }

        response.Tags();
    }

    private sealed record Wanted(string Name, int Partitions, short Replicas, List<KeyValuePair<string, string?>> Config);

    private sealed record Result(string Name, ErrorCode Error, string? Message, Topic? Topic)
    {
        public int Partitions { get; init; } = -1;

        public TopicConfig? Config { get; init; }
    }
}
