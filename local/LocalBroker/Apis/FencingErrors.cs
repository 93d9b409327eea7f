using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>Older request versions know a fenced producer only by its epoch.</summary>
internal static class FencingErrors
{
    public static ErrorCode For(ErrorCode error, bool knowsProducerFenced) =>
        error == ErrorCode.ProducerFenced && !knowsProducerFenced ? ErrorCode.InvalidProducerEpoch : error;
}
