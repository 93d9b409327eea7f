using Commerce.Inventory;

namespace Commerce.Streaming.InventorySync.Adapters;

/// <summary>Where commands to the ledger go.</summary>
public interface ICommandSender
{
    /// <summary>Completes once the command is durable.</summary>
    /// <exception cref="CommandsUnavailableException">It is not certain that the command is durable.</exception>
    Task SendAsync(StockCommand command, CancellationToken cancellationToken);
}

/// <summary>Kafka does not take commands now.</summary>
public sealed class CommandsUnavailableException(Exception inner) : Exception("Kafka does not take commands", inner);
