using System.Security.Cryptography;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Privacy;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>
/// Opens sealed bytes for an operator who has the key: Privacy__SealingKey and Privacy__FormerSealingKeys__N from the environment, else
/// the local copy's.
/// </summary>
internal sealed class UnsealCommand : AsyncCommand<UnsealOptions>
{
    private const string KeyVariable = "Privacy__SealingKey";
    private const string FormerKeyVariable = "Privacy__FormerSealingKeys__";

    public override async Task<int> ExecuteAsync(CommandContext context, UnsealOptions options, CancellationToken cancellationToken)
    {
        var sealer = Sealer(options);
        if (options.Topic is { } topic)
        {
            var endpoints = new Endpoints(options);
            return SealedTopic.Print(topic, endpoints.Kafka(), endpoints.SchemaRegistry(), sealer, Console.Out, cancellationToken);
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

    private static RawSealer Sealer(UnsealOptions options)
    {
        var key = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } stated ? stated : PlatformKeys.Load(options.Effective().Paths)?.SealingKey;
        if (key is null)
            throw CliException.Usage($"There is no sealing key: set {KeyVariable}, or name the copy by --home.");
        var former = Enumerable.Range(0, int.MaxValue)
            .Select(index => Environment.GetEnvironmentVariable(FormerKeyVariable + index.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .TakeWhile(value => !string.IsNullOrEmpty(value));
        try
        {
            return new RawSealer(Convert.FromBase64String(key), [.. former.Select(each => Convert.FromBase64String(each!))]);
        }
        catch (FormatException)
        {
            throw CliException.Usage($"{KeyVariable} is not base64.");
        }
    }
}
