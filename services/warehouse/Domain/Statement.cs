namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>What one record says, checked and with its keys made. Adding it to rows cannot fail.</summary>
internal abstract record Statement
{
    /// <summary>Adds it to the rows of a batch, where one statement about each key holds.</summary>
    public abstract void AddTo(BatchRows rows);
}
