using Commerce.Consent;
using Commerce.Streaming.Consent.Domain;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Consent.Kafka;

/// <summary>Why there is no decision (yet).</summary>
internal sealed class UndecidedException(string reason, Exception cause) : Exception(reason, cause);

/// <summary>Asks for decisions and waits until the topic has them, whichever replica made them.</summary>
internal sealed class Decider(DecisionLedger ledger, RequestWriter writer, TimeProvider time, IOptions<ConsentOptions> options)
{
    private readonly TimeSpan _wait = TimeSpan.FromSeconds(options.Value.DeliverySecondsMax);

    /// <summary>The decision that holds now for each identifier of the request, in its order.</summary>
    /// <exception cref="UndecidedException">Kafka, the registry or the pipeline did not answer in time; it may still be decided.</exception>
    public Task<ConsentDecided[]> DecideAsync(DecisionRequest request) => Task.WhenAll(request.Subjects.Select(subject => DecideAsync(request, subject)));

    private async Task<ConsentDecided> DecideAsync(DecisionRequest request, string subject)
    {
        var requested = request.For(subject, Guid.NewGuid().ToString("N"));
        var decided = ledger.Await(requested.RequestId);
        try
        {
            await writer.WriteAsync(requested);
            return await decided.WaitAsync(_wait, time);
        }
        catch (Exception away) when (away is KafkaException or SchemaRegistryException or HttpRequestException)
        {
            throw new UndecidedException(Reasons.KafkaUnavailable, away);
        }
        catch (TimeoutException late)
        {
            throw new UndecidedException(Reasons.Undecided, late);
        }
        finally
        {
            ledger.Forget(requested.RequestId);
        }
    }
}
