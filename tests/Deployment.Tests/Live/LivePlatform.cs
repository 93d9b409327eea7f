using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Commerce.Streaming.Deployment.Tests.Live;

/// <summary>The platform that eng/verify-alerts has started: what it is made of, how to stop a part of it, what Prometheus says.</summary>
internal sealed class LivePlatform : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly string _work;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public LivePlatform(string work) => _work = work;

    public string Ingest { get; } = Variable("INGEST_URL");

    public string Kafka { get; } = Variable("KAFKA_BOOTSTRAP");

    public string Registry { get; } = Variable("SCHEMA_REGISTRY_URL");

    public string Prometheus { get; } = Variable("COMMERCE_TEST_PROMETHEUS_URL");

    public string Volume => Path.Combine(_work, "volume");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs a script that eng/verify-alerts has left for us.</summary>
    public async Task RunAsync(string script)
    {
        using var bash = Process.Start("bash", [Path.Combine(_work, script)]);
        await bash.WaitForExitAsync(Token);
        bash.ExitCode.ShouldBe(0, script);
    }

    /// <summary>One row changed by a hand, as the owner of the server.</summary>
    public async Task ChangeTablesAsync(string sql)
    {
        await using var warehouse = NpgsqlDataSource.Create(Variable("COMMERCE_TEST_OWNER"));
        await using var command = warehouse.CreateCommand(sql);
        (await command.ExecuteNonQueryAsync(Token)).ShouldBe(1, sql);
    }

    /// <summary>Starts a part that is not supervised (redis, registry) again.</summary>
    public void StartAgain(string part)
    {
        using var bash = Process.Start("bash", ["-c", $"bash {_work}/{part}.sh >>{_work}/{part}.log 2>&1 & echo $! >{_work}/{part}.pid"]);
        bash.WaitForExit();
    }

    /// <summary>A signal to a part that is not supervised.</summary>
    public void Signal(string part, string signal) => Kill(int.Parse(File.ReadAllText(Path.Combine(_work, part + ".pid")), System.Globalization.CultureInfo.InvariantCulture), signal);

    /// <summary>A signal to a supervised process, and to each that the supervisor starts in its place, until disposed.</summary>
    public IAsyncDisposable Hold(string process, string signal) => new Holder(this, process, signal);

    /// <summary>Id of a supervised process; null while there is none.</summary>
    public int? ProcessId(string name)
    {
        try
        {
            using var state = JsonDocument.Parse(File.ReadAllText(Path.Combine(Variable("COMMERCE_HOME"), "state.json")));
            var process = state.RootElement.GetProperty("processes").EnumerateArray().Single(each => each.GetProperty("name").GetString() == name);
            return process.TryGetProperty("processId", out var id) ? id.GetInt32() : null;
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            return null;
        }
    }

    public static void Kill(int id, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-" + signal, id.ToString(System.Globalization.CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }

    /// <summary>Calls of the sample shop, in one request.</summary>
    /// <returns>The status, or 0 when there was no answer.</returns>
    public async Task<int> SendAsync(params object[] calls)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Ingest + "/v1/batch")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { batch = calls }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Variable("INGEST_WRITE_KEY") + ":")));
        try
        {
            using var answer = await _http.SendAsync(request, Token);
            return (int)answer.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    /// <summary>Names of the alerts that fire now.</summary>
    public Task<IReadOnlySet<string>> FiringAsync() => AlertsAsync("firing");

    /// <summary>Names of the alerts that fire or are about to.</summary>
    public async Task<IReadOnlySet<string>> AlertsAsync(string? state = null)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(Prometheus + "/api/v1/alerts", Token));
        return json.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
            .Where(alert => state is null || alert.GetProperty("state").GetString() == state)
            .Select(alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!).ToHashSet();
    }

    /// <summary>What the firing alert tells whoever is woken.</summary>
    public async Task<string> DescriptionAsync(string name)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(Prometheus + "/api/v1/alerts", Token));
        return json.RootElement.GetProperty("data").GetProperty("alerts").EnumerateArray()
            .Where(alert => alert.GetProperty("labels").GetProperty("alertname").GetString() == name)
            .Select(alert => alert.GetProperty("annotations").GetProperty("description").GetString()!).FirstOrDefault() ?? "";
    }

    /// <summary>Looks until the alert fires, or no longer does.</summary>
    /// <returns>How long it took; null when it did not come to that in time.</returns>
    public async Task<TimeSpan?> UntilAsync(string alert, bool fires, TimeSpan atMost)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < atMost)
        {
            if ((await FiringAsync()).Contains(alert) == fires)
                return watch.Elapsed;
            await Task.Delay(LookInterval, Token);
        }

        return null;
    }

    public void Dispose() => _http.Dispose();

    public static string Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value : throw new InvalidOperationException($"{name} is not set: eng/verify-alerts sets it");

    private sealed class Holder : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly HashSet<int> _held = [];
        private readonly Task _holding;
        private readonly string _signal;

        public Holder(LivePlatform platform, string process, string signal)
        {
            _signal = signal;
            // Before whoever holds it goes on.
            if (platform.ProcessId(process) is { } first && _held.Add(first))
                Kill(first, signal);
            _holding = Task.Run(async () =>
            {
                while (!_stop.IsCancellationRequested)
                {
                    // A signal that comes before the program has its handler is lost: what must end is told until it does.
                    if (platform.ProcessId(process) is { } id && (_held.Add(id) || signal != "STOP"))
                        Kill(id, signal);
                    await Task.Delay(LookInterval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _holding;
            _stop.Dispose();
            if (_signal == "STOP")
                _held.ToList().ForEach(id => Kill(id, "CONT"));
        }
    }
}
