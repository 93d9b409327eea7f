using Commerce.Streaming.Cli.Platform;

namespace Commerce.Streaming.Cli.Supervision;

/// <summary>Makes the supervised form of a catalogue entry.</summary>
internal sealed class SupervisedFactory(ProcessCommands commands, ProbeFactory probes, StateBoard board, SupervisorLog log, TimeProvider time)
{
    public SupervisedProcess Process(CatalogueEntry entry) =>
        new(entry, () => commands.For(entry), probes.For(entry), probes.PreparationFor(entry), board, log, time);

    public SupervisedTask Task(CatalogueEntry entry) => new(entry, () => commands.For(entry), board, log, time);
}
