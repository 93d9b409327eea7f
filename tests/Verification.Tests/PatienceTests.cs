using Commerce.Streaming.Verification.Drain;
using Confluent.Kafka;

namespace Commerce.Streaming.Verification.Tests;

public sealed class PatienceTests
{
    [Fact]
    public void Only_what_passes_by_itself_is_asked_again()
    {
        Patience.MayPass(new KafkaException(ErrorCode.GroupLoadInProgress)).ShouldBeTrue();
        Patience.MayPass(new KafkaException(ErrorCode.GroupAuthorizationFailed)).ShouldBeFalse();
        Patience.MayPass(new TopicPartitionOffsetException([Of(ErrorCode.NoError), Of(ErrorCode.NotCoordinatorForGroup)])).ShouldBeTrue();
        Patience.MayPass(new TopicPartitionOffsetException([Of(ErrorCode.NotCoordinatorForGroup), Of(ErrorCode.TopicAuthorizationFailed)])).ShouldBeFalse();
    }

    [Fact]
    public async Task A_refusal_is_told_at_once()
    {
        var asked = 0;
        await Should.ThrowAsync<KafkaException>(() => Patience.RetryAsync(Refuse, TestContext.Current.CancellationToken));
        asked.ShouldBe(1);

        Task<int> Refuse()
        {
            asked++;
            throw new KafkaException(ErrorCode.GroupAuthorizationFailed);
        }
    }

    private static TopicPartitionOffsetError Of(ErrorCode code) => new("topic", 0, Offset.Unset, new Error(code));
}
