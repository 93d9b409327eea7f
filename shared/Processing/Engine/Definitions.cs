using Avro.Specific;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>A store as declared, without its value type.</summary>
internal abstract record StoreDefinition(string Name, Topic Changelog)
{
    public abstract StateStore Create(ISerdes serdes);
}

internal sealed record StoreDefinition<T>(Store<T> Store) : StoreDefinition(Store.Name, Store.Changelog)
    where T : class, ISpecificRecord
{
    public override StateStore Create(ISerdes serdes) => new StateStore<T>(Store, serdes.For(Store.Changelog));
}

/// <summary>An input as declared, without its value type.</summary>
internal abstract record InputDefinition(Topic Topic)
{
    public abstract BoundInput Bind(ISerdes serdes);
}

internal sealed record InputDefinition<T>(Topic<T> TypedTopic, RecordHandler<T> Handler, DeletionHandler? WhenDeleted)
    : InputDefinition(TypedTopic)
    where T : class, ISpecificRecord
{
    public override BoundInput Bind(ISerdes serdes) => new BoundInput<T>(serdes.For(TypedTopic), Handler, WhenDeleted);
}
