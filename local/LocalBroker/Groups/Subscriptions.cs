using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>
/// The topics that the members of a group are subscribed to, as consumers write it into their own part of JoinGroup:
/// version, then an array of names. Other kinds of members, and bytes that are no such thing, have none.
/// </summary>
internal static class Subscriptions
{
    /// <summary>What consumers call themselves among the kinds of groups.</summary>
    public const string Consumers = "consumer";

    public static IEnumerable<string> Of(GroupMembership group)
    {
        if (group.ProtocolType != Consumers)
            return [];
        return group.Members.SelectMany(member => Read(member.MetadataFor(group.Protocol)));
    }

    private static List<string> Read(byte[] metadata)
    {
        var reader = new RequestReader(metadata, flexible: false);
        try
        {
            reader.Int16();
            return reader.StringArray();
        }
        catch (MalformedRequestException)
        {
            return [];
        }
    }
}
