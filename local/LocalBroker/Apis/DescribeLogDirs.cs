using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// The size of partitions on disk, in the one folder that there is.
/// <para>Versions 1 to 4, flexible from 2; from 4 with the size and the free space of the disk.</para>
/// </summary>
internal sealed class DescribeLogDirs(TopicCatalog topics, LocalBrokerOptions options) : Api(ApiKey.DescribeLogDirs, 1, 4, flexibleFrom: 2)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var version = request.Version;
        var wanted = Read(request.Reader());
        var response = request.Response.Int32(0);
        if (version >= 3)
            response.Error(ErrorCode.None);
        response.Array(1).Error(ErrorCode.None).String(options.DataDirectory).Array(wanted.Count);
        foreach (var (topic, partitions) in wanted)
        {
            response.String(topic.Name).Array(partitions.Count);
            foreach (var index in partitions)
                response.Int32(index).Int64(topic.Partitions[index].SizeInBytes).Int64(0).Bool(false).Tags();
            response.Tags();
        }

        if (version >= 4)
        {
            var drive = new DriveInfo(Path.GetFullPath(options.DataDirectory));
            response.Int64(drive.TotalSize).Int64(drive.AvailableFreeSpace);
        }

        response.Tags().Tags();
        return ValueTask.CompletedTask;
    }

    private List<(Topic Topic, List<int> Partitions)> Read(RequestReader reader)
    {
        var count = reader.NullableArray();
        if (count < 0)
            return [.. topics.All.Select(topic => (topic, Enumerable.Range(0, topic.Partitions.Count).ToList()))];
        var wanted = new List<(Topic Topic, List<int> Partitions)>();
        for (; count > 0; count--)
        {
            var topic = topics.Find(reader.String());
            var partitions = reader.Int32Array().Where(index => topic?.Partition(index) is not null).ToList();
            reader.Tags();
            if (topic is not null)
                wanted.Add((topic, partitions));
        }

        return wanted;
    }
}
