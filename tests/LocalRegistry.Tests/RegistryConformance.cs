using System.Runtime.CompilerServices;

namespace Commerce.Streaming.LocalRegistry.Tests;

/// <summary>
/// What any registry with Confluent's API must do. The same tests run on ours and on a real one; where the real one differs from
/// Confluent's documented behaviour, its fixture says so by the test's name and the test is skipped with that reason.
/// </summary>
public abstract partial class RegistryConformance(RegistryUnderTest registry)
{
    /// <summary>Subjects of its own for each test: the real registry is shared by all of them.</summary>
    private readonly string _prefix = $"t{Guid.NewGuid():N}";

    protected RegistryCaller Registry([CallerMemberName] string test = "")
    {
        Assert.SkipWhen(registry.Unavailable is not null, registry.Unavailable ?? "");
        if (registry.Divergences.TryGetValue(test, out var reason))
            Assert.Skip(reason);
        return registry.Caller;
    }

    protected string Subject(string name = "orders-value") => $"{_prefix}-{name}";
}

/// <summary>A registry and what is known of it.</summary>
public abstract class RegistryUnderTest
{
    /// <summary>Why there is none to test; null when there is.</summary>
    public abstract string? Unavailable { get; }

    public abstract RegistryCaller Caller { get; }

    /// <summary>Test name → in what this registry differs from Confluent's.</summary>
    public virtual IReadOnlyDictionary<string, string> Divergences { get; } = new Dictionary<string, string>();
}
