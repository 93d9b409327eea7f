using System.Net;

namespace Commerce.Streaming.Cli.Supervision.Probes;

/// <summary>Health endpoints of a service: not ready is its own word for "waiting"; not alive means "restart me".</summary>
internal sealed class HttpProbe(HttpClient http, string readyUrl, string? liveUrl) : IHealthProbe
{
    public async Task<Health> CheckAsync(CancellationToken cancellation)
    {
        var (isReady, reason) = await AskAsync(readyUrl, cancellation);
        if (isReady)
            return Health.Ready;
        if (liveUrl is null)
            return Health.NotReady(reason);
        var (isAlive, whyNot) = await AskAsync(liveUrl, cancellation);
        return isAlive ? Health.NotReady(reason) : Health.Silent(whyNot);
    }

    private async Task<(bool IsOk, string Reason)> AskAsync(string url, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(url, cancellation);
        // A page of the dashboard may answer with a redirect.
        if (response.StatusCode < HttpStatusCode.BadRequest)
            return (true, "");
        var body = await response.Content.ReadAsStringAsync(cancellation);
        return (false, body.Length > 0 ? HealthReport.Summarise(body) : $"{new Uri(url).AbsolutePath} answers {(int)response.StatusCode}");
    }
}
