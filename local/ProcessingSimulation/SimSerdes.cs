using Avro.Specific;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.ProcessingSimulation;

/// <summary>Serdes whose registry now and then does not answer.</summary>
internal sealed class SimSerdes(SimFaults faults) : ISerdes
{
    private readonly PlainAvroSerdes _serdes = new();

    public IValueSerde<T> For<T>(Topic<T> topic) where T : class, ISpecificRecord => new Serde<T>(_serdes.For(topic), faults);

    private sealed class Serde<T>(IValueSerde<T> serde, SimFaults faults) : IValueSerde<T> where T : class, ISpecificRecord
    {
        public byte[] Write(T value) => serde.Write(value);

        public T Read(byte[] bytes) =>
            faults.MayBeUnavailable() ? throw new RegistryUnavailableException(new HttpRequestException()) : serde.Read(bytes);
    }
}
