using System.Globalization;
using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.Cli.Commands.Sending;
using Commerce.Streaming.EventSender;
using Commerce.Streaming.OnlineRetail;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.Commands.Replay;

/// <summary>Sends the Online Retail data set through the collection API as its shop would have.</summary>
internal sealed class ReplayRetailCommand : AsyncCommand<ReplayRetailOptions>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ReplayRetailOptions options, CancellationToken cancellationToken)
    {
        var speed = options.SpeedFactor();
        var url = new Endpoints(options).Ingest(options.Url);
        var plan = RetailInput.Plan(options.File, options.Retail);
        var calls = new RetailCallStream(plan, options.Retail, $"{url} {options.WriteKey}");
        var sending = new SendOptions { CollectionUrl = url, WriteKey = options.WriteKey, Speed = speed };
        var folder = options.StateDirectory ?? Path.Combine(options.Effective().Home, "replay");
        var run = await StreamSending.RunAsync("Replay", calls, sending, folder, options.Restart, cancellationToken);
        Summarise(plan, run);
        return run.State.RefusedUnexpectedly == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private static void Summarise(RetailPlan plan, SendRun run)
    {
        var sum = plan.Summary;
        var table = Screen.Table("replayed", "");
        Row("orders", $"{sum.Orders:#,0} with {sum.OrderLines:#,0} lines");
        Row("refunds", $"{sum.RefundInvoices:#,0} credit notes as {sum.RefundParts:#,0} refunds");
        Row("customers", $"{sum.Customers:#,0}");
        Row("visits made up", $"{sum.Visits:#,0}");
        Row("stock receipts made up", $"{sum.Receipts:#,0}");
        Row("stock adjustments", $"{sum.Adjustments:#,0}, and {sum.AdjustmentsWithoutStock:#,0} of codes without stock left out");
        Row("accepted", $"{run.State.Accepted:#,0} calls");
        Row("quarantined as expected", $"{run.State.RefusedAsExpected:#,0} of {sum.AccountingInvoices:#,0} accounting invoices");
        Row("refused unexpectedly", $"{run.State.RefusedUnexpectedly:#,0}");
        Row("requests repeated", $"{run.State.Retries:#,0}");
        Screen.Out.Write(table);
        foreach (var refusal in run.State.Refusals)
            Screen.Out.WriteLine($"refused: call {refusal.Position} {refusal.Status} {refusal.Reason} {refusal.Detail}");
        var seconds = Math.Max(run.Elapsed.TotalSeconds, 0.001);
        var lines = run.Calls == plan.Count ? string.Create(CultureInfo.InvariantCulture, $", {sum.OrderLines / seconds:#,0} order lines/s") : "";
        Screen.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{run.Calls:#,0} calls in {seconds:0.0} s: {run.Calls / seconds:#,0} calls/s{lines}."));

        void Row(string name, FormattableString value) =>
            table.AddRow(name.EscapeMarkup(), FormattableString.Invariant(value).EscapeMarkup());
    }
}
