namespace Commerce.Streaming.Processing.Rig.Servers;

/// <summary>Brokers as processes of their own, so that they can be killed as crashes kill.</summary>
internal interface IBrokers : IAsyncDisposable
{
    string Bootstrap { get; }

    int Count { get; }

    /// <summary>As kill -9.</summary>
    Task KillAsync(int index);

    /// <summary>Starts a killed broker again with the data it has.</summary>
    Task StartAsync(int index);

    /// <summary>As a machine that hangs.</summary>
    void Pause(int index);

    void Resume(int index);
}
