namespace Commerce.Streaming.LocalBroker.Topics;

/// <summary>What a setting belongs to, as the protocol numbers it.</summary>
internal enum ConfigResource : sbyte
{
    Topic = 2,
    Broker = 4,
}

/// <summary>A setting as it is told to whoever asks.</summary>
internal sealed record Setting(string Name, string Value, ConfigSource Source, ConfigType Type, string Documentation, bool ReadOnly);
