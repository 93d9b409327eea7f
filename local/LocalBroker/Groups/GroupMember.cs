namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>A protocol that a member offers (for consumers: an assignor) with its own data for it.</summary>
internal sealed record GroupProtocol(string Name, byte[] Metadata);

/// <summary>One member of a group. Used under the group's lock.</summary>
internal sealed class GroupMember
{
    public required string Id { get; set; }

    /// <summary>The name that a static member keeps over restarts.</summary>
    public string? InstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required TimeSpan SessionTimeout { get; set; }

    public required TimeSpan RebalanceTimeout { get; set; }

    public required IReadOnlyList<GroupProtocol> Protocols { get; set; }

    public byte[] Assignment { get; set; } = [];

    /// <summary>When the member counts as dead unless it is heard from.</summary>
    public DateTimeOffset Expires { get; set; }

    /// <summary>The member's JoinGroup that waits for the others.</summary>
    public TaskCompletionSource<JoinAnswer>? Joining { get; set; }

    /// <summary>The member's SyncGroup that waits for the leader.</summary>
    public TaskCompletionSource<SyncAnswer>? Syncing { get; set; }

    public bool HasSynced { get; set; }

    public bool Waits => Joining is not null || Syncing is not null;

    public byte[] MetadataFor(string? protocol) => Protocols.FirstOrDefault(offered => offered.Name == protocol)?.Metadata ?? [];

    public bool Offers(string protocol) => Protocols.Any(offered => offered.Name == protocol);

    public bool Offers(IReadOnlyList<GroupProtocol> protocols) =>
        protocols.Count == Protocols.Count
        && protocols.Zip(Protocols).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));
}
