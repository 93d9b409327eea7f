using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.ProcessingSimulation;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Runs seeds of the deterministic simulation of stream processing, on all cores.</summary>
internal sealed class SimulateCommand : Command<SimulateOptions>
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    public override int Execute(CommandContext context, SimulateOptions options, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var (done, wrong, events) = (0, 0, 0L);
        using var report = new Timer(_ => Console.Error.WriteLine($"{Volatile.Read(ref done)} of {options.Seeds} seeds"), null, ReportInterval, ReportInterval);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(options.From, options.From + options.Seeds, parallel, seed =>
        {
            var outcome = Simulation.Run(seed, log: options.Trace ? Console.Out.WriteLine : null);
            Interlocked.Increment(ref done);
            Interlocked.Add(ref events, outcome.Events);
            if (options.Trace || !outcome.IsRight)
                Console.Out.WriteLine(outcome.Describe());
            if (!outcome.IsRight)
                Interlocked.Increment(ref wrong);
        });
        var seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done} seeds from {options.From}, {events:n0} events in {seconds:0.0} s: {done - wrong} right, {wrong} wrong"));
        return wrong == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }
}
