using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Commerce.Streaming.TopicWriting;

/// <summary>Carries a trace over Kafka: W3C Trace Context in record headers, as OpenTelemetry's messaging conventions ask.</summary>
public static class TraceHeaders
{
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";

    /// <summary>
    /// Headers for a record written on behalf of the current activity. Null, so that a record costs no more than its own bytes,
    /// when there is none or when it is not sampled.
    /// </summary>
    public static Headers? OfCurrentActivity() =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity && IsOfASource(activity) ? Of(activity) : null;

    // ASP.NET Core makes an activity for its log scopes even where the sampler said no, and that one repeats the caller's flag:
    // any browser could then decide what is traced.
    private static bool IsOfASource(Activity activity) => activity.Source.Name.Length > 0;

    private static Headers Of(Activity activity)
    {
        var headers = new Headers { { TraceParent, Encoding.ASCII.GetBytes(activity.Id!) } };
        if (!string.IsNullOrEmpty(activity.TraceStateString))
            headers.Add(TraceState, Encoding.ASCII.GetBytes(activity.TraceStateString));
        return headers;
    }
}
