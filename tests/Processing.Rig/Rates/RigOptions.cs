using System.Globalization;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>What to run against: <c>BOOTSTRAP REGISTRY REDIS [RECORDS] [KEYS]</c>.</summary>
internal sealed record RigOptions(string Bootstrap, string Registry, string Redis, int Records, int Keys)
{
    public const string Usage = "usage: rates BOOTSTRAP REGISTRY_URL REDIS_URL [RECORDS] [KEYS]";

    public Dictionary<string, string> Kafka => new(StringComparer.Ordinal) { ["bootstrap.servers"] = Bootstrap };

    public Dictionary<string, string> SchemaRegistry => new(StringComparer.Ordinal) { ["schema.registry.url"] = Registry };

    public static RigOptions? Parse(string[] args) =>
        args.Length is < 3 or > 5
            ? null
            : new RigOptions(args[0], args[1], args[2], NumberAt(args, 3, 500_000), NumberAt(args, 4, 10_000));

    private static int NumberAt(string[] args, int index, int otherwise) =>
        args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
}
