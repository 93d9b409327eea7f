using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>The span of one record, and the headers by which its outputs go on with the trace. Free when the record has no trace.</summary>
internal readonly struct ProcessTrace(Activity? activity, Headers? outgoing) : IDisposable
{
    /// <summary>Headers for outputs; null when there is no trace to go on with.</summary>
    public Headers? Outgoing { get; } = outgoing;

    /// <summary>Starts a span when the record was sampled upstream; otherwise only hands its trace context on.</summary>
    public static ProcessTrace Start(ActivitySource source, string group, Headers? headers, string topic, int partition, long offset)
    {
        if (headers is null || !headers.TryGetLastBytes(MessagingNames.TraceParent, out var parentBytes))
            return default;
        var stateBytes = headers.TryGetLastBytes(MessagingNames.TraceState, out var state) ? state : null;
        Activity? activity = null;
        if (source.HasListeners()
            && ActivityContext.TryParse(
                Encoding.ASCII.GetString(parentBytes), stateBytes is null ? null : Encoding.ASCII.GetString(stateBytes),
                isRemote: true, out var parent))
        {
            activity = source.StartActivity(MessagingNames.Process + " " + topic, ActivityKind.Consumer, parent);
        }

        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(MessagingNames.System, MessagingNames.Kafka);
            activity.SetTag(MessagingNames.OperationName, MessagingNames.Process);
            activity.SetTag(MessagingNames.OperationType, MessagingNames.Process);
            activity.SetTag(MessagingNames.Destination, topic);
            activity.SetTag(MessagingNames.Partition, partition);
            activity.SetTag(MessagingNames.Offset, offset);
            activity.SetTag(MessagingNames.ConsumerGroup, group);
        }

        var outgoing = new Headers { { MessagingNames.TraceParent, activity?.Id is { } id ? Encoding.ASCII.GetBytes(id) : parentBytes } };
        if (stateBytes is not null)
            outgoing.Add(MessagingNames.TraceState, stateBytes);
        return new ProcessTrace(activity, outgoing);
    }

    public void Dispose() => activity?.Dispose();
}
