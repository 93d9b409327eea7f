using System.Collections.Concurrent;
using System.Threading.Channels;
using Commerce.Streaming.Processing.Telemetry;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Redis;

/// <summary>
/// Writes views one message after the other, what has piled up of one partition in one go. A partition whose write failed is stale: its
/// further changes are dropped until a snapshot, asked for once Redis answers again, has been written.
/// </summary>
internal sealed partial class ViewWriter : IDisposable
{
    private static readonly TimeSpan FlushOnStopMax = TimeSpan.FromSeconds(3);

    private readonly Channel<ViewMessage> _messages = Channel.CreateUnbounded<ViewMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _slots;
    private readonly ConcurrentQueue<ViewPartition> _requests = new();
    private readonly ConcurrentDictionary<ViewPartition, bool> _owned = [];
    private readonly ProcessingOptions _options;
    private readonly ViewTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _ended = new();
    private long _lastAudit;
    private int _failuresInARow;
    private long _retryFrom;

    public ViewWriter(ProcessingOptions options, ViewTelemetry telemetry, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _telemetry = telemetry;
        _clock = clock;
        _logger = logger;
        _slots = new SemaphoreSlim(options.ViewQueueMax);
        _lastAudit = clock.GetTimestamp();
        telemetry.StaleCount = () => _owned.Keys.Count(target => target.IsBroken);
        telemetry.Lags = () => _owned.Keys.Select(target =>
            (target.View.KeyPrefix, target.Partition, Math.Max(0, target.Store.ChangelogPosition - target.Held)));
    }

    /// <summary>Begins to write, until it is disposed of.</summary>
    public ViewWriter Start()
    {
        _ = Task.Run(RunAsync);
        return this;
    }

    /// <summary>Writes what has been handed over, then looks after stale and silent views.</summary>
    public async Task StepAsync()
    {
        while (_messages.Reader.TryRead(out var message))
            await WriteAsync(message);
        await LookAfterAsync();
    }

    /// <summary>Views that wait for a snapshot. Asked for again when the loop cannot serve one yet.</summary>
    public ConcurrentQueue<ViewPartition> Requests => _requests;

    /// <summary>Hands changes over; false when there is no room in time.</summary>
    public bool TryPost(ViewMessage.Changed changed, TimeSpan wait)
    {
        if (!_slots.Wait(wait))
            return false;
        return _messages.Writer.TryWrite(changed);
    }

    /// <summary>For messages that must not get lost; there are few of them.</summary>
    public void Post(ViewMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>The partition is ours: watch over its view.</summary>
    public void Adopt(ViewPartition target) => _owned[target] = true;

    public void Release(ViewPartition target) => _owned.TryRemove(target, out _);

    public void Dispose()
    {
        _messages.Writer.TryComplete();
        _ended.Wait(FlushOnStopMax);
        _stop.Cancel();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await WaitAsync())
                await StepAsync();
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
        finally
        {
            _ended.Set();
        }
    }

    /// <summary>Waits for messages, but not longer than until the next look after stale and silent views. False at the end.</summary>
    private async Task<bool> WaitAsync()
    {
        var wait = _owned.Keys.Any(target => target.IsBroken) ? _options.RetryWaitMin * 5 : _options.ViewAuditInterval;
        using var limit = new CancellationTokenSource(wait, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            return await _messages.Reader.WaitToReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task WriteAsync(ViewMessage message)
    {
        // What has piled up: of each partition in order, the last value per key.
        var batch = new ViewBatch();
        for (var next = (ViewMessage?)message; next is not null; next = TryReadNext(batch))
        {
            batch.Add(next);
            if (next is ViewMessage.Changed)
                _slots.Release();
        }

        await Task.WhenAll(batch.Parts.Select(WritePartAsync));
    }

    private ViewMessage? TryReadNext(ViewBatch batch) =>
        batch.Keys < _options.ViewChunkKeys * 4 && _messages.Reader.TryRead(out var next) ? next : null;

    private async Task WritePartAsync(ViewBatch.Part part)
    {
        var target = part.Target;
        if (!_owned.ContainsKey(target))
            return;
        if (part.HasGap)
        {
            // While it is broken that is no news.
            if (!target.IsBroken || part.IsSnapshot)
                Break(target, "it cannot keep up");
            return;
        }

        try
        {
            var changes = part.ToChanges();
            var answer = part.IsSnapshot
                ? await target.Storage.RebuildAsync(part.To, changes)
                : await target.Storage.ApplyAsync(target.Held, part.To, changes);
            _telemetry.Written(changes.Count, part.IsSnapshot);
            if (answer == ViewAnswer.Written)
            {
                target.InStep(part.To, part.CommitNumber);
                _failuresInARow = 0;
            }
            else
            {
                Break(target, answer == ViewAnswer.Gap ? "Redis does not hold what it held" : "another owner writes it");
            }
        }
        catch (Exception away) when (away is RedisException or TimeoutException)
        {
            Break(target, away.GetType().Name);
        }
    }

    private void Break(ViewPartition target, string why)
    {
        _failuresInARow++;
        _retryFrom = _clock.GetTimestamp();
        target.Break();
        Stale(target.View.KeyPrefix, target.Partition, why);
    }

    /// <summary>Asks for snapshots of stale views once Redis answers, and compares the watermarks of the others now and then.</summary>
    private async Task LookAfterAsync()
    {
        var audit = _clock.GetElapsedTime(_lastAudit) >= _options.ViewAuditInterval;
        if (audit)
            _lastAudit = _clock.GetTimestamp();
        var wait = _options.RetryWaitMin * Math.Pow(2, Math.Min(_failuresInARow, 16));
        var retry = _clock.GetElapsedTime(_retryFrom) >= (wait < _options.RetryWaitMax ? wait : _options.RetryWaitMax);
        try
        {
            foreach (var target in _owned.Keys.OrderBy(target => target.Partition))
            {
                if (target.IsBroken ? retry && !target.AwaitsSnapshot : audit)
                    await LookAfterAsync(target);
            }
        }
        catch (Exception away) when (away is RedisException or TimeoutException)
        {
            // A silent view that cannot be asked is not known to be wrong; its next write or audit tells.
            _failuresInARow++;
            _retryFrom = _clock.GetTimestamp();
        }
    }

    private async Task LookAfterAsync(ViewPartition target)
    {
        var held = await target.Storage.ReadHeldAsync();
        if (target.IsBroken)
        {
            target.AwaitsSnapshot = true;
            _requests.Enqueue(target);
        }
        else if (held != target.Held)
        {
            Break(target, "Redis has lost its data");
        }
    }

    [LoggerMessage(EventId = 152, Level = LogLevel.Warning, Message = "View {View} [{Partition}] is stale: {Why}; it will be rebuilt from the state")]
    private partial void Stale(string view, int partition, string why);
}
