using System.Net;

namespace Commerce.Streaming.Ingest.Tests;

/// <summary>A request body whose last byte comes only on demand.</summary>
internal sealed class HangingBody(int length) : HttpContent
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _release.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(new byte[length - 1]);
        await stream.FlushAsync();
        await _release.Task;
        await stream.WriteAsync(new byte[1]);
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
