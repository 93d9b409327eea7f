using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Raises the number of partitions of topics, or only says whether it could.
/// <para>Versions 0 to 3, flexible from 2.</para>
/// <para>Not simulated: placement (assignments are read and dropped).</para>
/// </summary>
internal sealed class CreatePartitions(TopicCatalog topics) : Api(ApiKey.CreatePartitions, 0, 3, flexibleFrom: 2)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var wanted = new List<(string Name, int Count)>();
        for (var count = reader.Array(); count > 0; count--)
        {
            wanted.Add((reader.String(), reader.Int32()));
            for (var assignments = reader.NullableArray(); assignments > 0; assignments--)
            {
                reader.Int32Array();
                reader.Tags();
            }

            reader.Tags();
        }

        reader.Int32();
        var validateOnly = reader.Bool();
        var response = request.Response.Int32(0).Array(wanted.Count);
        foreach (var (name, count) in wanted)
        {
            var (error, message) = topics.AddPartitions(name, count, validateOnly);
            response.String(name).Error(error).String(message).Tags();
        }

        response.Tags();
        return ValueTask.CompletedTask;
    }
}
