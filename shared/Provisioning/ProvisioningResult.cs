namespace Commerce.Streaming.Provisioning;

/// <summary>What provisioning did or found.</summary>
public enum ProvisioningOutcome
{
    /// <summary>It was as it should be.</summary>
    Unchanged,

    /// <summary>It was missing and is there now.</summary>
    Created,

    /// <summary>It was there with other settings and has the catalogue's now.</summary>
    Changed,

    /// <summary>It differs in a way that is never changed by itself: the number of partitions decides which key is where.</summary>
    Differs,
}

/// <param name="Name">Topic or registry subject.</param>
/// <param name="Detail">What was created, changed or differs; empty when nothing.</param>
public sealed record ProvisionedItem(string Name, ProvisioningOutcome Outcome, string Detail);

/// <summary>What a run did, topic by topic and subject by subject, in the catalogue's order.</summary>
/// <param name="Notices">What is as the operator has it and was left so, and what the replicas of topics mean: a line for each kind.</param>
public sealed record ProvisioningResult(IReadOnlyList<ProvisionedItem> Topics, IReadOnlyList<ProvisionedItem> Subjects, IReadOnlyList<string> Notices)
{
    /// <summary>Whether anything was created or changed.</summary>
    public bool ChangedAnything => Topics.Concat(Subjects).Any(item => item.Outcome is ProvisioningOutcome.Created or ProvisioningOutcome.Changed);

    /// <summary>One line for people, such as "33 topics (2 created), 33 schemas (33 unchanged)".</summary>
    public override string ToString() => $"{Topics.Count} topics ({Counts(Topics)}), {Subjects.Count} schemas ({Counts(Subjects)})";

    private static string Counts(IReadOnlyList<ProvisionedItem> items) => string.Join(
        ", ", items.GroupBy(item => item.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}"));
}

/// <summary>Provisioning could not make things as the catalogue says; the message names each topic or subject and why.</summary>
public sealed class ProvisioningException(string message, Exception? inner = null) : Exception(message, inner);
