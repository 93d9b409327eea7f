using System.Globalization;

namespace Commerce.Streaming.LocalBroker.Groups;

/// <summary>
/// The keys under which groups are kept in the state store. A group's name may be any string, so it comes last.
/// </summary>
internal static class GroupKeys
{
    public const string Members = "group\0";
    public const string Consumers = "consumers\0";
    public const string Offsets = "offset\0";
    public const string Pending = "pending\0";

    public static string MembersOf(string group) => Members + group;

    public static string ConsumersOf(string group) => Consumers + group;

    public static string OffsetOf(string group, TopicPartition at) =>
        string.Create(CultureInfo.InvariantCulture, $"{Offsets}{at.Partition}\0{at.Topic}\0{group}");

    public static string PendingOf(long producerId, string group, TopicPartition at) =>
        string.Create(CultureInfo.InvariantCulture, $"{Pending}{producerId}\0{at.Partition}\0{at.Topic}\0{group}");

    public static (string Group, TopicPartition At) ParseOffset(string key)
    {
        var parts = key.Split('\0', 4);
        return (parts[3], new TopicPartition(parts[2], int.Parse(parts[1], CultureInfo.InvariantCulture)));
    }

    public static (long ProducerId, string Group, TopicPartition At) ParsePending(string key)
    {
        var parts = key.Split('\0', 5);
        var at = new TopicPartition(parts[3], int.Parse(parts[2], CultureInfo.InvariantCulture));
        return (long.Parse(parts[1], CultureInfo.InvariantCulture), parts[4], at);
    }
}
