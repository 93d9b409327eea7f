using System.Globalization;
using Commerce.Streaming.Processing.Rig.Counting;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>What to run, and against what.</summary>
internal sealed record RigOptions(Addresses Servers, int Records, int Keys, int Rounds)
{
    public const string Usage = "usage: rates [RECORDS] [KEYS] [ROUNDS]";

    public string Bootstrap => Servers.Kafka;

    public string Registry => Servers.Registry;

    public string Redis => Servers.Redis;

    public Dictionary<string, string> Kafka => Servers.ClientProperties;

    public Dictionary<string, string> SchemaRegistry => Servers.RegistryProperties;

    public static bool TryParse(string[] args, out int records, out int keys, out int rounds) =>
        TryNumber(args, 0, 300_000, out records) & TryNumber(args, 1, 10_000, out keys) & TryNumber(args, 2, 3, out rounds) && args.Length <= 3;

    private static bool TryNumber(string[] args, int index, int otherwise, out int number)
    {
        number = otherwise;
        return args.Length <= index || int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
