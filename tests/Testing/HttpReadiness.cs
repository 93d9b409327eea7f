using System.Net.Sockets;

namespace Commerce.Streaming.Testing;

/// <summary>Waits for a service to say that it is ready.</summary>
public static class HttpReadiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">It did not become ready; the message holds its last answer.</exception>
    public static async Task WaitAsync(Uri url)
    {
        using var client = new HttpClient { BaseAddress = url };
        using var deadline = new CancellationTokenSource(Patience);
        var last = "it never answered";
        try
        {
            while (true)
            {
                try
                {
                    using var answer = await client.GetAsync("/health/ready", deadline.Token);
                    if (answer.IsSuccessStatusCode)
                        return;
                    last = await answer.Content.ReadAsStringAsync(deadline.Token);
                }
                catch (HttpRequestException notListening) when (notListening.InnerException is SocketException)
                {
                    // Not yet, or not any more.
                }

                await Task.Delay(Interval, deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{url} is not ready after {Patience.TotalSeconds} s: {last}");
        }
    }
}
