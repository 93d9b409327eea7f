using System.Globalization;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>The keys under which groups are kept in the state store. The separator can be in no name.</summary>
internal static class GroupKeys
{
    public const string Members = "group\0";
    public const string Offsets = "offset\0";
    public const string Pending = "pending\0";

    public static string MembersOf(string group) => Members + group;

    public static string OffsetOf(string group, TopicPartition at) =>
        string.Create(CultureInfo.InvariantCulture, $"{Offsets}{group}\0{at.Topic}\0{at.Partition}");

    public static string PendingOf(long producerId, string group, TopicPartition at) =>
        string.Create(CultureInfo.InvariantCulture, $"{Pending}{producerId}\0{group}\0{at.Topic}\0{at.Partition}");

    public static (string Group, TopicPartition At) ParseOffset(string key)
    {
        var parts = key.Split('\0');
        return (parts[1], new TopicPartition(parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture)));
    }

    public static (long ProducerId, string Group, TopicPartition At) ParsePending(string key)
    {
        var parts = key.Split('\0');
        var at = new TopicPartition(parts[3], int.Parse(parts[4], CultureInfo.InvariantCulture));
        return (long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], at);
    }
}
