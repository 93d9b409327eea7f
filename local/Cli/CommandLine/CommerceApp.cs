using System.Runtime.InteropServices;
using Commerce.Streaming.Cli.Commands;
using Commerce.Streaming.Cli.Commands.Demo;
using Commerce.Streaming.Cli.Commands.Deployment;
using Commerce.Streaming.Cli.Commands.Letters;
using Commerce.Streaming.Cli.Commands.Replay;
using Commerce.Streaming.Cli.Commands.Test;
using Commerce.Streaming.Cli.Commands.Up;
using Commerce.Streaming.Cli.Commands.Verify;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Commerce.Streaming.Cli.CommandLine;

/// <summary>The command line: which commands there are, and what the shell is told when one fails.</summary>
public static class CommerceApp
{
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var app = new CommandApp();
        app.Configure(Configure);
        return await app.RunAsync(args, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            // A second signal ends us the hard way.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    internal static void Configure(IConfigurator config)
    {
        config.SetApplicationName("commerce");
        config.UseAssemblyInformationalVersion();
        config.UseStrictParsing();
        config.TrimTrailingPeriods(false);
        config.ConfigureConsole(Screen.Out);
        config.SetExceptionHandler((exception, _) => Explain(exception));
        config.CancellationExitCode(ExitCodes.Interrupted);
        AddPlatformCommands(config);
        AddDataCommands(config);
        AddVerification(config);
        AddTools(config);
        config.AddBranch("dlq", LetterCommands.Add);
        AddDeployment(config);
        config.AddCommand<SuperviseCommand>("supervise").IsHidden();
    }

    private static void AddPlatformCommands(IConfigurator config)
    {
        config.AddCommand<UpCommand>("up")
            .WithDescription("Start the whole platform in the background and wait until it is ready.")
            .WithExample("up")
            .WithExample("up", "--port-base", "18000", "--home", "/var/tmp/second-copy")
            .WithExample("up", "--no-dashboard");
        config.AddCommand<StatusCommand>("status")
            .WithDescription("Show every process: state, uptime, restarts, memory, CPU. Exit code 1 when something is not ready.")
            .WithExample("status")
            .WithExample("status", "--json");
        config.AddCommand<LogsCommand>("logs")
            .WithDescription("Print the log of one process.")
            .WithExample("logs", "ingest", "-n", "20")
            .WithExample("logs", "broker", "-f");
        config.AddCommand<AuditCommand>("audit")
            .WithDescription("Check whether the warehouse's tables agree with each other, as the nightly job does. Exit code 3 when they do not.")
            .WithExample("audit", "--show");
        config.AddCommand<DownCommand>("down")
            .WithDescription("Stop the platform; its data stay.")
            .WithExample("down");
        config.AddCommand<ResetCommand>("reset")
            .WithDescription("Stop the platform and delete its data, keys and logs.")
            .WithExample("reset", "--yes");
        config.AddCommand<EnvCommand>("env")
            .WithDescription("Print addresses and keys as shell exports: DATABASE_URL of a read-only role, INGEST_WRITE_KEY for the collection API, "
                + "COMMERCE_API_KEY (a bearer token) for the other APIs.")
            .WithExample("env");
    }

    private static void AddDataCommands(IConfigurator config)
    {
        config.AddCommand<DemoCommand>("demo")
            .WithDescription(
                "Start the platform, send a bundled sample shop through the public APIs, and show what came of it beside the truth. "
                + "Exit code 1 when they differ.")
            .WithExample("demo");
        config.AddBranch("replay", replay =>
        {
            replay.SetDescription("Send a public data set through the collection API as its shop would have.");
            replay.AddCommand<ReplayRetailCommand>("online-retail")
                .WithDescription(
                    "Replay the Online Retail data set (UCI): orders, refunds, stock adjustments and customers in event-time order. "
                    + "The data set has no visits, devices, consent or deliveries: up to four visits with a campaign or referrer before each order, "
                    + "one to three devices a customer and who refuses analytics are made up from a seed, stock receipts from the file so that "
                    + "stock suffices. Can be stopped and run again; what arrives twice counts once.")
                .WithExample("replay", "online-retail", "online_retail.csv.gz")
                .WithExample("replay", "online-retail", "online_retail.csv.gz", "--speed", "86400x", "--no-touches");
        });
    }

    private static void AddVerification(IConfigurator config) =>
        config.AddBranch("verify", verify =>
        {
            verify.SetDescription("Compare the warehouse with the truth, number by number. Exit code 1 on any difference.");
            verify.AddCommand<VerifyRetailCommand>("online-retail")
                .WithDescription(
                    "Wait until the pipelines are done, then print side by side what the file says and what the tables say: orders, lines, "
                    + "units, revenue by day, spending by customer, refunds, quarantine, stock, credits, summaries, privacy.")
                .WithExample("verify", "online-retail", "online_retail.csv.gz")
                .WithExample("verify", "online-retail", "online_retail.csv.gz", "--json");
        });

    private static void AddTools(IConfigurator config)
    {
        config.AddCommand<BrokerCommand>("broker")
            .WithDescription("Run the embedded Kafka broker and schema registry alone, in the foreground.")
            .WithExample("broker")
            .WithExample("broker", "--port", "9092", "--registry-port", "8081", "--dir", "/var/tmp/broker");
        config.AddCommand<SimulateCommand>("simulate")
            .WithDescription(
                "Run the stream processing runtime on simulated Kafka, Redis and time: crashes, rebalances, hanging processes, lost Redis, all drawn "
                + "from a seed. A seed that fails is printed with the command that replays it. Exit code 1 when one does.")
            .WithExample("simulate", "--seeds", "10000")
            .WithExample("simulate", "--from", "17", "--seeds", "1", "--trace");
        config.AddCommand<UnsealCommand>("unseal")
            .WithDescription(
                "Open sealed bytes: lines of base64 or \\x hex from standard input, or every record of a dead letter or quarantine topic. "
                + "The key is Privacy__SealingKey, else the local copy's.")
            .WithExample("unseal", "--topic", "commerce.warehouse.sink.dlq.v1");
        config.AddCommand<TestCommand>("test")
            .WithDescription("Run all tests; the last line is `N passed, N failed, N skipped`.")
            .WithExample("test")
            .WithExample("test", "Attribution");
    }

    private static void AddDeployment(IConfigurator config)
    {
        config.AddCommand<ImagesCommand>("images")
            .WithDescription("Build the container images of all services, and those of a trial.")
            .WithExample("images")
            .WithExample("images", "ingest", "--registry", "ghcr.io/acme", "--tag", "1.2.3", "--push");
        config.AddBranch("k8s", k8s =>
        {
            k8s.SetDescription("Write the Kubernetes and monitoring files that follow from the code.");
            k8s.AddCommand<TopicsCommand>("topics")
                .WithDescription("Write k8s/base/topics.yaml and operator.yaml (Strimzi) from schemas/topics.json.")
                .WithExample("k8s", "topics")
                .WithExample("k8s", "topics", "--check");
            k8s.AddCommand<MonitoringCommand>("monitoring")
                .WithDescription("Write the Grafana dashboards from their definitions, and the chart's copies of dashboards, rules and service catalogue.")
                .WithExample("k8s", "monitoring");
        });
    }

    private static int Explain(Exception exception)
    {
        switch (exception)
        {
            case CliException known:
                Console.Error.WriteLine(known.Message);
                return known.ExitCode;
            case OperationCanceledException:
                return ExitCodes.Interrupted;
            case CommandAppException usage:
                Console.Error.WriteLine(usage.Message);
                Console.Error.WriteLine("See ./commerce --help.");
                return ExitCodes.Usage;
            default:
                Console.Error.WriteLine(Environment.GetEnvironmentVariable("COMMERCE_DEBUG") is null ? exception.Message : exception.ToString());
                return ExitCodes.Failure;
        }
    }
}
