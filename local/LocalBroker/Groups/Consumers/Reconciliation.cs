namespace Commerce.Streaming.LocalBroker.Groups.Consumers;

/// <summary>
/// Brings one member from what it has to what it is to have (KIP-848): first it gives up what is no longer its own and says so,
/// then it comes to the new epoch with what is free, then it is given the rest as others let go. No partition is ever with two.
/// </summary>
internal static class Reconciliation
{
    /// <summary>Goes as far as is possible now; returns whether anything moved.</summary>
    /// <param name="owned">What the member says it has; null when it does not say.</param>
    /// <param name="heldByOthers">What other members have, or have not given up yet.</param>
    public static bool Step(ConsumerMember member, int targetEpoch, IReadOnlySet<TopicSlot>? owned, Func<IReadOnlySet<TopicSlot>> heldByOthers, DateTimeOffset now)
    {
        if (member.IsSettled && member.Epoch == targetEpoch)
            return false;
        if (member.Revoking.Count > 0 && StillHas(owned, member.Revoking))
            return false;
        var kept = member.Assigned.Where(held => member.Target.Contains(held.Key)).ToDictionary();
        var lost = member.Assigned.Keys.Where(slot => !member.Target.Contains(slot)).ToHashSet();
        if (lost.Count > 0 && StillHas(owned, lost))
        {
            (member.Assigned, member.Revoking, member.AwaitsRelease) = (kept, lost, false);
            member.RevokesUntil = now + member.RebalanceTimeout;
            return true;
        }

        return Advance(member, targetEpoch, kept, heldByOthers());
    }

    private static bool Advance(ConsumerMember member, int targetEpoch, Dictionary<TopicSlot, int> kept, IReadOnlySet<TopicSlot> heldByOthers)
    {
        var wanted = member.Target.Where(slot => !kept.ContainsKey(slot)).ToList();
        foreach (var slot in wanted.Where(slot => !heldByOthers.Contains(slot)))
            kept[slot] = targetEpoch;
        var awaits = wanted.Exists(heldByOthers.Contains);
        var moved = member.Epoch != targetEpoch || member.Revoking.Count > 0 || member.AwaitsRelease != awaits || kept.Count != member.Assigned.Count;
        if (member.Epoch != targetEpoch)
            member.PreviousEpoch = member.Epoch;
        (member.Epoch, member.Assigned, member.Revoking, member.AwaitsRelease) = (targetEpoch, kept, [], awaits);
        member.RevokesUntil = DateTimeOffset.MaxValue;
        return moved;
    }

    private static bool StillHas(IReadOnlySet<TopicSlot>? owned, HashSet<TopicSlot> slots) => owned is null || owned.Overlaps(slots);
}
