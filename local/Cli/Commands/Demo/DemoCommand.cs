using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Commands.Sending;
using Commerce.Streaming.Cli.Commands.Verify;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.EventSender;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.SampleShop;
using Commerce.Streaming.Verification;
using Commerce.Streaming.Verification.Sample;
using Npgsql;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Demo;

/// <summary>Starts the platform, sends the bundled shop through the public APIs, and shows what came of it beside the truth.</summary>
internal sealed class DemoCommand : AsyncCommand<DemoOptions>
{
    private static string SampleFolder => Path.Combine(PlatformPaths.Root, "samples", "shop");

    public override async Task<int> ExecuteAsync(CommandContext context, DemoOptions options, CancellationToken cancellationToken)
    {
        if (options.Regenerate)
            return Regenerate();
        var sample = Read();
        var target = options.Attach ? DemoTarget.FromEnvironment(options) : await DemoTarget.StartAsync(options, cancellationToken);
        var run = await SendAsync(sample, target, cancellationToken);
        await using var database = NpgsqlDataSource.Create(target.Database.ToConnectionString());

        var checks = new List<Check> { Refusals(run.State) };
        checks.AddRange(await DrainScreen.WaitAsync(target.Kafka, database, TimeSpan.FromSeconds(options.TimeoutSeconds), cancellationToken));
        var pseudonyms = new Pseudonymizer(Convert.FromBase64String(target.PseudonymKey));
        var result = await SampleVerification.RunAsync(database, sample.Truth, pseudonyms, cancellationToken);
        checks.AddRange(result.Checks);
        if (options.Json)
            CheckReport.Write("sample shop", checks, json: true);
        else
            DemoReport.Write(sample.Truth, run, result, checks, await ShopFiguresReader.ReadAsync(database, sample.Truth.Platform, cancellationToken), target.LookAround);
        return checks.TrueForAll(check => check.Passed) ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static int Regenerate()
    {
        SampleFiles.Write(SampleFolder, SampleGenerator.Generate(new SampleOptions()));
        Screen.Out.WriteLine($"Wrote {SampleFolder}.");
        return ExitCodes.Ok;
    }

    private static SampleData Read()
    {
        try
        {
            return SampleFiles.Read(SampleFolder);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or System.Text.Json.JsonException)
        {
            throw new CliException($"The bundled sample in {SampleFolder} cannot be read: {e.Message}\n./commerce demo --regenerate writes it again.");
        }
    }

    private static Task<SendRun> SendAsync(SampleData sample, DemoTarget target, CancellationToken cancellation)
    {
        var sending = new SendOptions { CollectionUrl = target.Ingest, ConsentUrl = target.Consent, WriteKey = target.WriteKey, ApiKey = target.ApiKey };
        var calls = new SampleCallStream(sample, sending.CollectionUrl.ToString());
        return StreamSending.RunAsync("Sample shop", calls, sending, target.StateFolder, restart: false, cancellation);
    }

    private static Check Refusals(SendState state) => new(
        "calls refused that should not be", "0", Numbers.Text(state.RefusedUnexpectedly),
        [.. state.Refusals.Take(Check.DifferencesMax).Select(refusal => $"call {refusal.Position}: {refusal.Reason} {refusal.Detail}")],
        state.RefusedUnexpectedly);
}
