using System.Collections;
using System.Security.Cryptography;
using Avro.Generic;
using Avro.IO;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Privacy;
using Confluent.SchemaRegistry;

namespace Commerce.Streaming.Cli.Commands.Letters;

/// <summary>A letter's value as today's schema of its source topic reads it.</summary>
/// <param name="sealer">Null when there is no key: values stay closed.</param>
internal sealed class LetterValues(ISchemaRegistryClient registry, RawSealer? sealer)
{
    private const int WireFormatHeaderBytes = 5;

    private readonly Dictionary<int, Avro.Schema> _writers = [];

    /// <summary>The value in plain types, or why there is none.</summary>
    public async Task<(object? Value, string? Fault)> ReadAsync(DeadLetter letter)
    {
        if (letter.Value is not { } closed)
            return (null, letter.ValueOmitted ? letter.CannotBeRetried : null);
        if (sealer is null)
            return (null, "there is no sealing key to open it");
        try
        {
            var bytes = sealer.Open(closed);
            if (letter.SchemaId is not { } id)
                return (Convert.ToBase64String(bytes), "it is not in Confluent's wire format");
            var writer = await WriterAsync(id);
            var reader = Topics.All.SingleOrDefault(topic => topic.Name == letter.Topic)?.ValueSchema ?? writer;
            return (Plain(Decode(bytes, writer, reader)), null);
        }
        catch (Exception fault) when (fault is CryptographicException or Avro.AvroException or SchemaRegistryException or IOException or InvalidCastException
            or ArgumentException or OverflowException or OutOfMemoryException)
        {
            return (null, fault.Message);
        }
    }

    private async Task<Avro.Schema> WriterAsync(int id)
    {
        if (!_writers.TryGetValue(id, out var schema))
            _writers[id] = schema = Avro.Schema.Parse((await registry.GetSchemaAsync(id)).SchemaString);
        return schema;
    }

    private static object? Decode(byte[] bytes, Avro.Schema writer, Avro.Schema reader)
    {
        using var stream = new MemoryStream(bytes, WireFormatHeaderBytes, bytes.Length - WireFormatHeaderBytes);
        return new GenericReader<object>(writer, reader).Read(null!, new BinaryDecoder(stream));
    }

    private static object? Plain(object? value) => value switch
    {
        GenericRecord record => record.Schema.Fields.ToDictionary(field => field.Name, field => Plain(record.GetValue(field.Pos))),
        GenericEnum symbol => symbol.Value,
        GenericFixed bytes => Convert.ToBase64String(bytes.Value),
        byte[] bytes => Convert.ToBase64String(bytes),
        IDictionary map => map.Keys.Cast<string>().ToDictionary(key => key, key => Plain(map[key])),
        string text => text,
        IEnumerable list => list.Cast<object?>().Select(Plain).ToList(),
        Avro.AvroDecimal number => Avro.AvroDecimal.ToDecimal(number),
        _ => value,
    };
}
