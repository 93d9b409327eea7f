using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Topics;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Reads records. When fewer than min_bytes are there, the answer waits up to max_wait_ms and is woken by the append that
/// fills it; with read_committed only what lies below the last stable offset counts, and the aborted transactions in the
/// range are named. Record bytes go from the segment file into the answer as they are.
/// <para>Versions 4 to 18, flexible from 12, topics by id from 13. The first partition that has records gives one whole
/// batch even when that exceeds the limits (KIP-74); a last batch may be cut, which clients expect.</para>
/// <para>Not simulated: fetch sessions (declined by session id 0: each request names all partitions), followers,
/// preferred replicas, diverging epochs.</para>
/// </summary>
internal sealed class Fetch(TopicCatalog topics, TimeProvider clock) : Api(ApiKey.Fetch, 4, 18, flexibleFrom: 12)
{
    /// <summary>Bytes of records in one answer, however much a client asks for.</summary>
    private const int MaxResponseBytes = 64 * 1024 * 1024;

    public override async ValueTask HandleAsync(RequestContext request)
    {
        var fetch = FetchRequest.Read(request.Reader(), request.Version);
        if (fetch.SessionId != 0)
        {
            WriteHead(request, ErrorCode.FetchSessionIdNotFound);
            request.Response.Array(0).Tags();
            return;
        }

        var reads = Resolve(fetch);
        var plans = Plan(fetch, reads, out var ready);
        if (!ready && fetch.MaxWait > TimeSpan.Zero)
            plans = await WaitAsync(fetch, reads, plans, request.Stopping);
        Write(request, fetch, plans);
    }

    private List<PartitionLog?> Resolve(FetchRequest fetch)
    {
        var logs = new List<PartitionLog?>();
        foreach (var topic in fetch.Topics)
        {
            var found = topic.Name is null ? topics.Find(topic.Id) : topics.Find(topic.Name);
            foreach (var partition in topic.Partitions)
                logs.Add(found?.Partition(partition.Index));
        }

        return logs;
    }

    private static ReadPlan[] Plan(FetchRequest fetch, List<PartitionLog?> logs, out bool ready)
    {
        var plans = new ReadPlan[logs.Count];
        long bytes = 0;
        ready = false;
        var at = 0;
        foreach (var topic in fetch.Topics)
        {
            var unknown = new ReadPlan(topic.Name is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition, -1, -1, -1);
            foreach (var partition in topic.Partitions)
            {
                var log = logs[at];
                var left = (int)Math.Max(0, Math.Min(fetch.MaxBytes, MaxResponseBytes) - bytes);
                var plan = log is null ? unknown
                    : partition.LeaderEpoch > BrokerIdentity.LeaderEpoch ? unknown with { Error = ErrorCode.UnknownLeaderEpoch }
                    : log.PlanRead(partition.Offset, Math.Min(left, partition.MaxBytes), fetch.ReadCommitted, atLeastOne: bytes == 0);
                plans[at++] = plan;
                bytes += plan.Slice?.Length ?? 0;
                ready |= plan.Error != ErrorCode.None;
            }
        }

        ready |= bytes >= fetch.MinBytes;
        return plans;
    }

    private async Task<ReadPlan[]> WaitAsync(FetchRequest fetch, List<PartitionLog?> logs, ReadPlan[] plans, CancellationToken stopping)
    {
        var deadline = clock.GetUtcNow() + fetch.MaxWait;
        Release(plans);
        while (true)
        {
            var waiter = new FetchWaiter();
            logs.ForEach(log => log?.Waiters.Add(waiter, fetch.ReadCommitted));
            try
            {
                // Planned again once registered: what came in between would otherwise go unnoticed until the next append.
                plans = Plan(fetch, logs, out var ready);
                var left = deadline - clock.GetUtcNow();
                if (ready || left <= TimeSpan.Zero)
                    return plans;
                Release(plans);
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                await Task.WhenAny(waiter.Woken, Task.Delay(left, clock, timeout.Token));
                await timeout.CancelAsync();
                stopping.ThrowIfCancellationRequested();
            }
            finally
            {
                logs.ForEach(log => log?.Waiters.Remove(waiter, fetch.ReadCommitted));
            }
        }
    }

    private static void Release(ReadPlan[] plans)
    {
        foreach (var plan in plans)
            plan.Slice?.Dispose();
    }

    private static void WriteHead(RequestContext request, ErrorCode error)
    {
        request.Response.Int32(0);
        if (request.Version >= 7)
            request.Response.Error(error).Int32(0);
    }

    private static void Write(RequestContext request, FetchRequest fetch, ReadPlan[] plans)
    {
        WriteHead(request, ErrorCode.None);
        var response = request.Response.Array(fetch.Topics.Count);
        var at = 0;
        foreach (var topic in fetch.Topics)
        {
            if (topic.Name is null)
                response.Uuid(topic.Id);
            else
                response.String(topic.Name);
            response.Array(topic.Partitions.Count);
            foreach (var partition in topic.Partitions)
                Write(response, request.Version, partition.Index, plans[at++]);
            response.Tags();
        }

        response.Tags();
    }

    private static void Write(ResponseWriter response, short version, int index, in ReadPlan plan)
    {
        response.Int32(index).Error(plan.Error).Int64(plan.HighWatermark).Int64(plan.StableOffset);
        if (version >= 5)
            response.Int64(plan.StartOffset);
        if (plan.Aborted is null)
        {
            response.NullArray();
        }
        else
        {
            response.Array(plan.Aborted.Count);
            foreach (var aborted in plan.Aborted)
                response.Int64(aborted.ProducerId).Int64(aborted.FirstOffset).Tags();
        }

        if (version >= 11)
            response.Int32(-1);
        if (plan.Slice is { } slice)
            response.Records(slice);
        else
            response.NoRecords();
        response.Tags();
    }
}
