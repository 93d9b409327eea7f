namespace Commerce.Streaming.Warehouse.Sink;

/// <summary>Where records go that cannot be loaded.</summary>
internal interface IDeadLetters
{
    /// <summary>Completes once the letter is durable.</summary>
    Task SendAsync(SinkRecord dead, CancellationToken cancellationToken);
}
