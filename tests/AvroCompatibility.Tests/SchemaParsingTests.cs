namespace Commerce.Streaming.AvroCompatibility.Tests;

public sealed class SchemaParsingTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("int")]
    [InlineData("3")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"Unknown\"")]
    [InlineData("""{"type":{"type":"string"}}""")]
    [InlineData("""{"type":"int"} trailing""")]
    [InlineData("""{"type":"array"}""")]
    [InlineData("""{"type":"map","items":"int"}""")]
    [InlineData("""["int","int"]""")]
    [InlineData("""["int",["null"]]""")]
    [InlineData("""["null",{"type":"array","items":"int"},{"type":"array","items":"string"}]""")]
    [InlineData("""{"type":"fixed","name":"F"}""")]
    [InlineData("""{"type":"fixed","name":"F","size":-1}""")]
    [InlineData("""{"type":"fixed","name":"F","size":"4"}""")]
    [InlineData("""{"type":"enum","name":"E"}""")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A","A"]}""")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A-B"]}""")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A"],"default":"B"}""")]
    [InlineData("""{"type":"record","name":"R"}""")]
    [InlineData("""{"type":"record","fields":[]}""")]
    [InlineData("""{"type":"record","name":"a-b","fields":[]}""")]
    [InlineData("""{"type":"record","name":"1a","fields":[]}""")]
    [InlineData("""{"type":"record","name":"","fields":[]}""")]
    [InlineData("""{"type":"record","name":"x..R","fields":[]}""")]
    [InlineData("""{"type":"record","name":"int","fields":[]}""")]
    [InlineData("""{"type":"record","name":"R","namespace":"a-b","fields":[]}""")]
    [InlineData("""{"type":"record","name":"R","aliases":"x","fields":[]}""")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"f"}]}""")]
    [InlineData("""{"type":"record","name":"R","fields":[{"type":"int"}]}""")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"f","type":"int"},{"name":"f","type":"int"}]}""")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"f","type":"int","order":"sideways"}]}""")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"f","type":"Later"},{"name":"g","type":{"type":"fixed","name":"Later","size":1}}]}""")]
    [InlineData("""[{"type":"fixed","name":"F","size":1},{"type":"array","items":{"type":"fixed","name":"F","size":1}}]""")]
    public void Malformed_schema_is_refused(string text) => Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(text));

    [Theory]
    [InlineData("\"int\"", "3", true)]
    [InlineData("\"int\"", "3000000000", false)]
    [InlineData("\"int\"", "1.0", false)]
    [InlineData("\"long\"", "3000000000", true)]
    [InlineData("\"double\"", "1", true)]
    [InlineData("\"double\"", "\"NaN\"", true)]
    [InlineData("\"double\"", "\"x\"", false)]
    [InlineData("\"boolean\"", "0", false)]
    [InlineData("\"null\"", "null", true)]
    [InlineData("\"string\"", "null", false)]
    [InlineData("\"bytes\"", "\"\\u00ff\"", true)]
    [InlineData("""["null","int"]""", "null", true)]
    [InlineData("""["null","int"]""", "3", true)]
    [InlineData("""["null","int"]""", "\"x\"", false)]
    [InlineData("""{"type":"array","items":"int"}""", "[1,2]", true)]
    [InlineData("""{"type":"array","items":"int"}""", "[1,\"2\"]", false)]
    [InlineData("""{"type":"map","values":"int"}""", """{"a":1}""", true)]
    [InlineData("""{"type":"record","name":"I","fields":[{"name":"q","type":"int","default":1}]}""", "{}", true)]
    [InlineData("""{"type":"record","name":"I","fields":[{"name":"q","type":"int"}]}""", "{}", false)]
    [InlineData("\"R\"", "{}", false)]
    public void Default_must_be_a_value_of_its_type(string type, string value, bool valid)
    {
        var text = $$"""{"type":"record","name":"R","fields":[{"name":"f","type":{{type}},"default":{{value}}}]}""";

        if (valid)
            AvroSchema.Parse(text).Fields[0].Default.ShouldNotBeNull();
        else
            Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(text));
    }

    [Theory]
    [InlineData(""" { "type" : "int" } """, "\"int\"")]
    [InlineData("""{"type":"bytes","scale":2,"logicalType":"decimal","precision":4}""", """{"type":"bytes","scale":2,"logicalType":"decimal","precision":4}""")]
    [InlineData("""{"fields":[],"name":"a.b.R","namespace":"ignored","type":"record"}""", """{"type":"record","name":"R","namespace":"a.b","fields":[]}""")]
    [InlineData(
        """{"type":"enum","name":"E","aliases":["x.Y","Z"],"foo":{"a": 1.10},"default":"B","symbols":["A","B"],"doc":"d"}""",
        """{"type":"enum","name":"E","doc":"d","symbols":["A","B"],"default":"B","foo":{"a":1.1},"aliases":["x.Y","Z"]}""")]
    [InlineData(
        """{"type":"record","name":"n.R","fields":[{"z":[1, 2],"aliases":["q"],"order":"ignore","default":1e3,"doc":"\"é\n","type":"double","name":"f"},{"name":"g","type":["null","n.R"]}]}""",
        """{"type":"record","name":"R","namespace":"n","fields":[{"name":"f","type":"double","doc":"\"é\n","default":1000.0,"order":"ignore","aliases":["q"],"z":[1,2]},{"name":"g","type":["null","R"]}]}""")]
    public void Text_has_Javas_order_of_attributes_and_no_spaces(string given, string expected) =>
        AvroSchema.Parse(given).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("0.0", "0.0")]
    [InlineData("1e3", "1000.0")]
    [InlineData("123456.50", "123456.5")]
    [InlineData("1e7", "1.0E7")]
    [InlineData("1.25e-5", "1.25E-5")]
    [InlineData("-0.001", "-0.001")]
    [InlineData("12345678901234567890.0", "1.2345678901234567E19")]
    public void Fractions_are_spelled_as_Java_spells_them(string given, string expected)
    {
        var text = $$"""{"type":"record","name":"R","fields":[{"name":"f","type":"double","default":{{given}}}]}""";

        AvroSchema.Parse(text).ToString().ShouldContain($"\"default\":{expected}}}");
    }

    [Fact]
    public void Types_of_an_earlier_text_can_be_referred_to_and_are_not_spelled_out()
    {
        var parser = new AvroSchemaParser();
        parser.Parse("""{"type":"record","name":"shop.Money","fields":[]}""");
        var referenced = parser.DefinedNames.ToArray();

        var schema = parser.Parse("""{"type":"record","name":"shop.Order","fields":[{"name":"total","type":"Money"}]}""");

        AvroSchemaText.Write(schema, referenced)
            .ShouldBe("""{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"total","type":"Money"}]}""");
        schema.ToString().ShouldContain("\"type\":{\"type\":\"record\",\"name\":\"Money\",\"fields\":[]}");
    }

    [Fact]
    public void Hostile_nesting_is_refused_and_not_crashed_on()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"type\":\"array\",\"items\":", 100_000));
        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(deep));

        // No nesting in the text, and three thousand records deep once the names are followed.
        var chain = string.Join(',', Enumerable.Range(1, 3_000).Select(i =>
            $$"""{"type":"record","name":"R{{i}}","fields":[{"name":"a","type":"R{{i - 1}}"}]}"""));
        var text = $$"""[{"type":"record","name":"R0","fields":[]},{{chain}}]""";
        var deepest = AvroSchema.Parse(text).Branches[^1];
        Should.Throw<AvroSchemaException>(() => SchemaCompatibility.Check(deepest, AvroSchema.Parse(text).Branches[^1]));
        Should.Throw<AvroSchemaException>(deepest.ToString);
        Should.Throw<AvroSchemaException>(() => ParsingCanonicalForm.Of(deepest));
        AvroSchema.Parse(text.Replace("\"}]}", "\",\"default\":{}}]}", StringComparison.Ordinal)).Branches.Count.ShouldBe(3_001);
    }
}
