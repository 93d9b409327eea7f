using System.Text.Json;
using System.Text.Json.Serialization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Platform;
using Commerce.Streaming.Cli.Supervision;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands;

/// <summary>Shows every process of the platform.</summary>
internal sealed class StatusCommand : AsyncCommand<StatusOptions>
{
    private static readonly TimeSpan CpuSample = TimeSpan.FromMilliseconds(250);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public override async Task<int> ExecuteAsync(CommandContext context, StatusOptions options, CancellationToken cancellationToken)
    {
        var settings = options.Effective();
        var state = PlatformState.Load(settings.Paths);
        var rows = await StatusRow.ReadAsync(settings, state, CpuSample, cancellationToken);
        var isReady = state is { IsLive: true, Phase: Phase.Ready } && rows.All(row => row.IsSettled);
        if (options.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(Report(settings, state, isReady, rows), Json));
        else
            StatusTable.Write(settings, state, isReady, rows);
        return isReady ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static object Report(PlatformSettings settings, PlatformState? state, bool isReady, IReadOnlyList<StatusRow> rows) => new
    {
        isReady,
        isRunning = state?.IsLive == true,
        phase = state?.IsLive == true ? state.Phase : Phase.Stopped,
        message = state?.Message,
        home = settings.Home,
        portBase = settings.PortBase,
        supervisor = state?.IsLive == true ? new { processId = state.SupervisorId, use = ResourceUse.Of(state.SupervisorId) } : null,
        processes = rows,
    };
}
