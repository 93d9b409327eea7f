using System.Text.Json;
using System.Text.Json.Nodes;
using Avro.IO;
using Avro.Specific;
using Java;

namespace Commerce.Streaming.Contracts.Tests;

/// <summary>Generated records beside Java's Avro: the same bytes in both directions, and bytes that are none are refused.</summary>
public sealed class JavaBytesTests
{
    [Fact]
    public void Every_type_reads_what_Java_wrote_and_writes_the_same()
    {
        var cases = JavaBytes.Cases("vectors.json");
        for (var round = 0; round < JavaBytes.Fields.Max(field => field.Vectors.Length); round++)
        {
            var chosen = JavaBytes.Fields.Select(field => cases[field.Vectors[round % field.Vectors.Length]]).ToList();
            byte[] bytes = [.. chosen.SelectMany(item => item.Bytes())];

            var record = Read(bytes);

            foreach (var (field, item) in JavaBytes.Fields.Zip(chosen))
                JsonNode.DeepEquals(JsonSerializer.SerializeToNode(field.Value(record)), JsonNode.Parse(item.GetProperty("value").GetRawText()))
                    .ShouldBeTrue($"{item.GetProperty("id")}: {JsonSerializer.Serialize(field.Value(record))}");
            // The last field is in blocks with their sizes, which a writer need not use: before it all bytes are the same.
            var written = Write(record);
            var same = bytes.Length - chosen[^1].Bytes().Length;
            Convert.ToHexString(written[..same]).ShouldBe(Convert.ToHexString(bytes[..same]));
            Write(Read(written)).ShouldBe(written);
        }
    }

    [Theory]
    [InlineData("int-empty", "small"), InlineData("long-overlong-11", "big")]
    [InlineData("string-neg-length-min", "text"), InlineData("string-huge-length", "text")]
    [InlineData("bytes-cut", "raw"), InlineData("bytes-neg-length", "raw"), InlineData("bytes-huge-length", "raw"), InlineData("bytes-1GiB-length", "raw")]
    [InlineData("enum-index-high", "status"), InlineData("union-index-high", "maybe"), InlineData("union-index-negative", "maybe")]
    [InlineData("union-index-huge", "maybe"), InlineData("array-empty-input", "ints"), InlineData("map-key-neg-length", "numbers"), InlineData("map-cut", "numbers")]
    public void Malformed_bytes_are_refused(string vector, string malformedField)
    {
        var malformed = JavaBytes.Cases("malformed.json")[vector];
        malformed.GetProperty("expect").GetString().ShouldBeOneOf("rejected", "no-crash");
        var cases = JavaBytes.Cases("vectors.json");
        var before = JavaBytes.Fields.TakeWhile(field => field.Field != malformedField).SelectMany(field => cases[field.Vectors[0]].Bytes());
        byte[] bytes = [.. before, .. malformed.Bytes()];

        // Apache.Avro makes room for as many bytes as a length claims: readers count running out of memory among what bytes can do.
        Record.Exception(() => Read(bytes)).ShouldNotBeNull();
    }

    private static byte[] Write(Everything record)
    {
        using var stream = new MemoryStream();
        new SpecificDatumWriter<Everything>(Everything._SCHEMA).Write(record, new BinaryEncoder(stream));
        return stream.ToArray();
    }

    private static Everything Read(byte[] bytes) =>
        new SpecificDatumReader<Everything>(Everything._SCHEMA, Everything._SCHEMA).Read(null!, new BinaryDecoder(new MemoryStream(bytes)));
}
