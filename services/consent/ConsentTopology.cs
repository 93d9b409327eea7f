using Commerce.Consent;
using Commerce.Streaming.Consent.Domain;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.Consent;

/// <summary>
/// Decides, subject by subject, in the order of the log. A decision rests on the one before it, so a subject has one writer: the owner
/// of its partition, which Kafka fences. Every replica takes requests; whichever owns the partition decides them.
/// </summary>
internal static class ConsentTopology
{
    public const string Name = "consent.decide";

    /// <summary>The decision that holds; key <c>tenant/identifier</c>.</summary>
    private static readonly Store<ConsentDecided> Subjects = new("subjects", Topics.ConsentDecideSubjectsChangelog);

    public static Topology Build(Sealing sealing) => Topology.Named(Name)
        .WithState(Subjects)
        .From(Topics.ConsentRequests, OnRequested)
        .To(Topics.ConsentDecisions)
        .DeadLettersTo(Topics.ConsentDecideDlq, sealing)
        .RetryingInAnyOrder(Topics.ConsentDecideParkedChangelog, Topics.ConsentDecideRetries);

    private static void OnRequested(Record<ConsentRequested> record, IProcessingContext context)
    {
        var decided = Deciding.Decide(context.Get(Subjects, record.Key), record.Value);
        context.Put(Subjects, record.Key, decided);
        // Sent, not only kept: a changelog gets the last value of a transaction, the requests before it want their answers as well.
        context.Send(Topics.ConsentDecisions, record.Key, decided);
    }
}
