using Confluent.Kafka;

namespace Commerce.Streaming.Processing.Telemetry;

/// <summary>Why a transaction was aborted: the values of its label, few and fixed.</summary>
internal static class AbortCauses
{
    /// <summary>The group was rebalanced, or has dropped this member.</summary>
    public const string Rebalance = "rebalance";

    /// <summary>A newer producer of our name exists, or the broker has given ours up.</summary>
    public const string Fenced = "fenced";

    /// <summary>The broker did not answer in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>A record led to something that cannot be written; done again one by one, it shows which.</summary>
    public const string Poison = "poison";

    /// <summary>The broker refused, or the connection to it broke.</summary>
    public const string Broker = "broker";

    /// <summary>The cause behind an error of the client.</summary>
    public static string Of(ErrorCode code) => code switch
    {
        ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId => Rebalance,
        ErrorCode.Local_Fenced or ErrorCode.InvalidProducerEpoch or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerIdMapping => Fenced,
        ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_MsgTimedOut or ErrorCode.RequestTimedOut => Timeout,
        _ => Broker,
    };
}
