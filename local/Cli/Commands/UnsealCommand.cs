using System.Security.Cryptography;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Privacy;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Opens sealed bytes for an operator who has the key.</summary>
internal sealed class UnsealCommand : AsyncCommand<UnsealOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, UnsealOptions options, CancellationToken cancellationToken)
    {
        var sealer = SealingKey.Load(options);
        if (options.Topic is { } topic)
        {
            var endpoints = new Endpoints(options);
            return SealedTopic.Print(topic, endpoints.KafkaClient(), endpoints.RegistryClient(), sealer, Console.Out, cancellationToken);
        }

        var failed = false;
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Trim() is { Length: > 0 } text)
                failed |= !Open(text, sealer);
        }

        return failed ? ExitCodes.Failure : ExitCodes.Ok;
    }

    private static bool Open(string text, RawSealer sealer)
    {
        try
        {
            // psql prints bytea as \x and hex.
            var bytes = text.StartsWith("\\x", StringComparison.Ordinal) ? Convert.FromHexString(text[2..]) : Convert.FromBase64String(text);
            using var output = Console.OpenStandardOutput();
            output.Write(sealer.Open(bytes));
            output.WriteByte((byte)'\n');
            return true;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            Console.Error.WriteLine(fault.Message);
            return false;
        }
    }
}
