namespace Commerce.Streaming.Cli.Platform;

/// <summary>
/// Our own servers speak without TLS and by passwords that we made, whatever the shell's variables say of others: what it has of a section
/// must not reach the processes that use ours.
/// </summary>
internal static class InheritedSettings
{
    /// <summary>The shell's variables of a section such as Kafka, to be taken out of a child's environment.</summary>
    public static IEnumerable<string> Of(string section) => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => name.StartsWith(section + "__", StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes them out.</summary>
    public static void Remove(IDictionary<string, string?> environment, string section)
    {
        foreach (var name in Of(section))
            environment[name] = null;
    }
}
