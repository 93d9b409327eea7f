using Avro.IO;
using Avro.Specific;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Engine;

namespace Commerce.Streaming.Processing.Testing;

/// <summary>Confluent's wire format without a registry: schema id 0 is whatever the topic's schema is.</summary>
internal sealed class PlainAvroSerdes : ISerdes
{
    private const int HeaderBytes = 5;

    public IValueSerde<T> For<T>(Topic<T> topic) where T : class, ISpecificRecord => new Serde<T>(topic.ValueSchema);

    private sealed class Serde<T>(Avro.Schema schema) : IValueSerde<T> where T : class, ISpecificRecord
    {
        private readonly SpecificDatumWriter<T> _writer = new(schema);
        private readonly SpecificDatumReader<T> _reader = new(schema, schema);

        public byte[] Write(T value)
        {
            using var stream = new MemoryStream();
            stream.Write(stackalloc byte[HeaderBytes]);
            _writer.Write(value, new BinaryEncoder(stream));
            return stream.ToArray();
        }

        public T Read(byte[] bytes)
        {
            if (bytes.Length < HeaderBytes || bytes[0] != 0)
                throw new InvalidDataException("not in Confluent's wire format");
            using var stream = new MemoryStream(bytes, HeaderBytes, bytes.Length - HeaderBytes);
            // The reader fills an instance of T; without one it would look the type up by the schema's name.
            return _reader.Read(Activator.CreateInstance<T>(), new BinaryDecoder(stream));
        }
    }
}
