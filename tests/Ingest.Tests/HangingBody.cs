using System.Net;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>A request body whose last byte comes only on demand.</summary>
internal sealed class HangingBody(byte[] body) : HttpContent
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the body is asked for; with <c>Expect: 100-continue</c> that is when the service has begun to read it.</summary>
    public Task Begun => _begun.Task;

    public void Release() => _release.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _begun.TrySetResult();
        await stream.WriteAsync(body.AsMemory(..^1));
        await stream.FlushAsync();
        await _release.Task;
        await stream.WriteAsync(body.AsMemory(^1..));
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = body.Length;
        return true;
    }
}
