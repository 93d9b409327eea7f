using Avro.IO;
using Avro.Specific;

namespace Commerce.Streaming.Contracts.Tests;

public sealed class RoundTripTests
{
    public static TheoryData<string, bool> Values() =>
        new(from topic in Topics.All from present in new[] { true, false } select (topic.Name, present));

    [Theory, MemberData(nameof(Values))]
    public void A_record_comes_back_as_it_was_written(string topicName, bool optionalFieldsPresent)
    {
        var topic = Topics.All.Single(topic => topic.Name == topicName);
        var record = (ISpecificRecord)SampleRecords.Of(topic.GetType().GetGenericArguments()[0], present: optionalFieldsPresent);
        var bytes = Write(record);

        var back = Read(bytes, record.Schema);

        Write(back).ShouldBe(bytes);
        for (var field = 0; field < ((Avro.RecordSchema)record.Schema).Fields.Count; field++)
            if (record.Get(field) is string or int or long or bool or Enum or DateTime or Avro.AvroDecimal or null)
                back.Get(field).ShouldBe(record.Get(field));
    }

    [Fact]
    public void An_amount_with_more_digits_than_the_schema_holds_is_refused() =>
        Should.Throw<Avro.AvroException>(() => AvroValues.Decimal(0.00001m, 4)).Message.ShouldContain("more than 4 digits");

    [Theory]
    [InlineData("0.0001"), InlineData("-7.5"), InlineData("999999999999999.9999"), InlineData("0")]
    public void An_amount_keeps_its_value(string text)
    {
        var amount = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        AvroValues.Decimal((object)AvroValues.Decimal(amount, 4)).ShouldBe(amount);
    }

    private static byte[] Write(ISpecificRecord record)
    {
        using var stream = new MemoryStream();
        new SpecificDatumWriter<ISpecificRecord>(record.Schema).Write(record, new BinaryEncoder(stream));
        return stream.ToArray();
    }

    private static ISpecificRecord Read(byte[] bytes, Avro.Schema schema) =>
        new SpecificDatumReader<ISpecificRecord>(schema, schema).Read(null!, new BinaryDecoder(new MemoryStream(bytes)));
}
