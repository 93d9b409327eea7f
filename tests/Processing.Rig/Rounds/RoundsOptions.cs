using System.Globalization;

namespace Commerce.Streaming.Processing.Rig.Rounds;

/// <summary>How many rounds, on which brokers.</summary>
/// <param name="Brokers">0 is the embedded broker, else so many brokers of Apache Kafka.</param>
internal sealed record RoundsOptions(int Rounds, int Brokers, int Seed, int RatePerSecond)
{
    public const string Usage =
        "usage: rounds [--rounds N] [--brokers 1|3|local] [--seed N] [--rate RECORDS_PER_SECOND] [--letters final|parked]\n"
        + "Apache Kafka is started by bin/kafka-start of the folder in COMMERCE_TEST_KAFKA_HOME.";

    /// <summary>Troubles between two looks at the whole.</summary>
    public int RoundsPerCheck { get; init; } = 5;

    /// <summary>Keys whose record fails are parked, and their letters retried meanwhile.</summary>
    public bool IsParking { get; init; }

    /// <summary>Null when the arguments make no sense.</summary>
    public static RoundsOptions? Parse(string[] args)
    {
        var options = new RoundsOptions(Rounds: 10, Brokers: 0, Seed: 1, RatePerSecond: 1_000);
        foreach (var pair in args.Chunk(2))
        {
            var number = pair.Length == 2 && int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;
            switch (pair[0])
            {
                case "--brokers" when pair is [_, "local"]:
                    options = options with { Brokers = 0 };
                    break;
                case "--brokers" when number > 0:
                    options = options with { Brokers = number };
                    break;
                case "--rounds" when number > 0:
                    options = options with { Rounds = number };
                    break;
                case "--seed" when number >= 0:
                    options = options with { Seed = number };
                    break;
                case "--letters" when pair is [_, "parked" or "final"]:
                    options = options with { IsParking = pair[1] == "parked" };
                    break;
                case "--rate" when number > 0:
                    options = options with { RatePerSecond = number };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
