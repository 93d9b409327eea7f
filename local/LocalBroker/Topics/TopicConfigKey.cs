using System.Globalization;

namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>The type of a setting as DescribeConfigs numbers it.</summary>
internal enum ConfigType : sbyte
{
    Boolean = 1,
    String = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}

/// <summary>Where the value of a setting comes from, as DescribeConfigs numbers it.</summary>
internal enum ConfigSource : sbyte
{
    Topic = 1,
    Broker = 4,
    Default = 5,
}

/// <summary>
/// One topic setting: its name, type, default, what values it takes, and whether this broker acts on it
/// (<see cref="Honoured"/>) or only keeps it because tools set it.
/// </summary>
internal sealed record TopicConfigKey(string Name, ConfigType Type, string Default, bool Honoured, string Documentation)
{
    public double Minimum { get; init; } = double.MinValue;

    public double Maximum { get; init; } = double.MaxValue;

    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Why <paramref name="value"/> is no value for this setting, or null when it is one.</summary>
    public string? Reject(string? value)
    {
        if (value is null)
            return $"{Name} needs a value.";
        return Type switch
        {
            ConfigType.Boolean => bool.TryParse(value, out _) ? null : $"{Name} must be true or false.",
            ConfigType.Int => RejectNumber(int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var i), i),
            ConfigType.Long => RejectNumber(long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var l), l),
            ConfigType.Double => RejectNumber(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var d), d),
            _ => RejectWords(value),
        };
    }

    private string? RejectNumber(bool parsed, double number)
    {
        if (!parsed)
            return $"{Name} must be a number.";
        return number >= Minimum && number <= Maximum ? null : $"{Name} is out of range.";
    }

    private string? RejectWords(string value)
    {
        if (Allowed is null)
            return null;
        var words = Type == ConfigType.List ? value.Split(',', StringSplitOptions.TrimEntries) : [value];
        return Array.TrueForAll(words, Allowed.Contains) ? null : $"{Name} must be of: {string.Join(", ", Allowed)}.";
    }
}
