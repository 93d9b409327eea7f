using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.LocalProcess;

namespace Commerce.Streaming.Cli.Commands.Up;

/// <summary>Finds ports that somebody else has before anything is started.</summary>
internal static class PortCheck
{
    /// <exception cref="CliException">Names every port that is taken and how to use others.</exception>
    public static void Run(PlatformSettings settings)
    {
        var taken = Catalogue.Load().Active(settings)
            .SelectMany(entry => entry.Ports.Select(port => (entry.Title, Purpose: port.Key, Port: settings.Ports.At(port.Value))))
            .Where(wanted => !LoopbackPorts.IsFree(wanted.Port))
            .Select(wanted => $"  {wanted.Port}  {wanted.Title} ({wanted.Purpose})")
            .ToList();
        if (taken.Count > 0)
            throw new CliException(
                $"In use by another program:\n{string.Join('\n', taken)}\n"
                + $"Use other ports: ./commerce up --port-base {settings.PortBase + PlatformPorts.BlockSize * 10}   (or set {PlatformSettings.PortBaseVariable})");
    }
}
