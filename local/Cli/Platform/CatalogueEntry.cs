using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Platform;

/// <summary>How an entry is started and watched.</summary>
public enum ProcessKind
{
    /// <summary>One of our services: a binary, configured by environment, with health endpoints.</summary>
    Service,

    /// <summary>A program that prepares something and ends; what depends on it waits for its success.</summary>
    Task,

    Broker,
    Cache,
    Postgres,
    Dashboard,
}

/// <summary>What a process may be told: addresses and keys go only to those that need them.</summary>
public enum Need
{
    Kafka,
    Redis,
    Postgres,
    Privacy,

    /// <summary>The key that seals, without the one that makes pseudonyms.</summary>
    Sealing,

    /// <summary>The write keys of the local shops.</summary>
    Sources,
}

/// <summary>One process of the platform, as described in services/catalogue.json.</summary>
public sealed record CatalogueEntry
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public ProcessKind Kind { get; init; } = ProcessKind.Service;

    /// <summary>Folder of the project, from the checkout's root.</summary>
    public string? Project { get; init; }

    /// <summary>Name of the built assembly. Null with kind `task`: our own binary.</summary>
    public string? Assembly { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Port offsets by purpose; a service's own is `http`.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; init; } = new Dictionary<string, int>();

    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>Names of entries that must be ready (or done) before this one starts.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>The platform is ready without it.</summary>
    public bool Optional { get; init; }

    public string ReadyPath { get; init; } = "/health/ready";

    public string LivePath { get; init; } = "/health/live";

    /// <summary>Name under which `commerce env` prints the address.</summary>
    public string? UrlVariable { get; init; }

    public Signal StopSignal { get; init; } = Signal.Term;

    /// <summary>Seconds between <see cref="StopSignal"/> and SIGKILL.</summary>
    public int StopSeconds { get; init; } = 25;
}
