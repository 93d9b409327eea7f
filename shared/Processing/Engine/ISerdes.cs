using Avro.Specific;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>Values of one topic to bytes and back. Used by one thread at a time.</summary>
internal interface IValueSerde<T> where T : class, ISpecificRecord
{
    byte[] Write(T value);

    /// <exception cref="RegistryUnavailableException">The writer's schema cannot be fetched now; the record may be good.</exception>
    T Read(byte[] bytes);
}

internal interface ISerdes
{
    IValueSerde<T> For<T>(Topic<T> topic) where T : class, ISpecificRecord;
}

/// <summary>The registry does not answer: a reason to wait, not to reject a record.</summary>
internal sealed class RegistryUnavailableException(Exception inner) : Exception("the schema registry does not answer", inner);
