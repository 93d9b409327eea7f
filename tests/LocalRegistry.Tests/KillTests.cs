using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Commerce.Streaming.LocalRegistry.Tests;

public sealed class KillTests : IDisposable
{
    private const int Rounds = 3;
    private const int Callers = 4;
    private const int AnswersBeforeTheKill = 40;

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_answered_before_a_kill_is_what_is_answered_after_it()
    {
        var ids = new ConcurrentDictionary<string, int>();
        for (var round = 0; round < Rounds; round++)
        {
            using var process = await StartAsync();
            using var stop = new CancellationTokenSource();
            using var caller = new RegistryCaller($"http://127.0.0.1:{_port}");
            var callers = Enumerable.Range(0, Callers).Select(one => RegisterUntilAsync(caller, $"r{round}-c{one}", ids, stop.Token)).ToList();
            var enough = ids.Count + AnswersBeforeTheKill;
            while (ids.Count < enough)
                await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
            process.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(callers);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        ids.Values.Distinct().Count().ShouldBe(ids.Count, "an id was given twice");
        using var last = await StartAsync();
        using var after = new RegistryCaller($"http://127.0.0.1:{_port}");
        foreach (var (name, id) in ids)
        {
            (await after.Get($"schemas/ids/{id}")).Ok()["schema"]!.GetValue<string>().ShouldContain($"\"{name}\"");
            (await after.Post($"subjects/{SubjectOf(name)}", RegistryCaller.Schema(Schema(name)))).Ok()["id"]!.GetValue<int>().ShouldBe(id);
        }

        last.Kill();
        await last.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task RegisterUntilAsync(RegistryCaller caller, string prefix, ConcurrentDictionary<string, int> ids, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var name = $"{prefix}-{i}".Replace('-', '_');
            try
            {
                ids[name] = await caller.RegisteredId(SubjectOf(name), Schema(name));
            }
            catch (HttpRequestException)
            {
                // Killed in the middle: no answer, no promise.
                return;
            }
        }
    }

    private static string SubjectOf(string name) => name[..name.LastIndexOf('_')];

    // Each is one more optional field name, so that a subject's versions stay compatible.
    private static string Schema(string name) => new JsonObject
    {
        ["type"] = "record",
        ["name"] = "R",
        ["fields"] = new JsonArray(new JsonObject { ["name"] = name, ["type"] = "int", ["default"] = 0 }),
    }.ToJsonString();

    private async Task<Process> StartAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Commerce.Streaming.TrialBroker.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--dir", _folder.Path, "--registry-port", $"{_port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(30);)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_port}/subjects"), TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode)
                    return process;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
            }
        }

        process.Kill();
        throw new TimeoutException("The registry did not start.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
