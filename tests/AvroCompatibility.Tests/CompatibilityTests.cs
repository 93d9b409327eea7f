namespace Commerce.Streaming.AvroCompatibility.Tests;

public sealed class CompatibilityTests
{
    [Theory]
    // Promotions
    [InlineData("\"long\"", "\"int\"", "")]
    [InlineData("\"float\"", "\"long\"", "")]
    [InlineData("\"double\"", "\"float\"", "")]
    [InlineData("\"string\"", "\"bytes\"", "")]
    [InlineData("\"int\"", "\"long\"", "TYPE_MISMATCH at / (reader type: INT not compatible with writer type: LONG)")]
    [InlineData("\"string\"", "\"int\"", "TYPE_MISMATCH at / (reader type: STRING not compatible with writer type: INT)")]
    // Unions
    [InlineData("""["null","long"]""", "\"int\"", "")]
    [InlineData("""["int","null"]""", """["null","int"]""", "")]
    [InlineData("\"long\"", """["int","long"]""", "")]
    [InlineData("\"int\"", """["null","int"]""", "TYPE_MISMATCH at /0 (reader type: INT not compatible with writer type: NULL)")]
    [InlineData("""["null","int"]""", """["null","int","string"]""", "MISSING_UNION_BRANCH at /2 (reader union lacking writer type: STRING)")]
    [InlineData("""["null","int"]""", "\"string\"", "MISSING_UNION_BRANCH at / (reader union lacking writer type: STRING)")]
    // Containers
    [InlineData("""{"type":"array","items":"long"}""", """{"type":"array","items":"int"}""", "")]
    [InlineData("""{"type":"map","values":"int"}""", """{"type":"map","values":"string"}""", "TYPE_MISMATCH at /values (reader type: INT not compatible with writer type: STRING)")]
    // Named types: the namespace does not count, an alias counts in full
    [InlineData("""{"type":"fixed","name":"a.F","size":2}""", """{"type":"fixed","name":"b.F","size":2}""", "")]
    [InlineData("""{"type":"fixed","name":"G","size":2,"aliases":["b.F"]}""", """{"type":"fixed","name":"b.F","size":2}""", "")]
    [InlineData("""{"type":"fixed","name":"G","size":2,"aliases":["F"]}""", """{"type":"fixed","name":"b.F","size":2}""", "NAME_MISMATCH at /name (expected: b.F)")]
    [InlineData("""{"type":"fixed","name":"F","size":3}""", """{"type":"fixed","name":"F","size":2}""", "FIXED_SIZE_MISMATCH at /size (expected: 2, found: 3)")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A"]}""", """{"type":"enum","name":"E","symbols":["C","B","A"]}""", "MISSING_ENUM_SYMBOLS at /symbols ([B, C])")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A"],"default":"A"}""", """{"type":"enum","name":"E","symbols":["A","B"]}""", "")]
    // Logical types are not looked at
    [InlineData("""{"type":"long","logicalType":"timestamp-micros"}""", "\"long\"", "")]
    public void Reader_reads_writer_or_says_why_not(string reader, string writer, string expected) => Reasons(reader, writer).ShouldBe(expected);

    [Theory]
    [InlineData("""{"name":"a","type":"int"},{"name":"b","type":"string","default":""}""", """{"name":"a","type":"int"}""", "")]
    [InlineData("""{"name":"a","type":"int"},{"name":"b","type":["null","int"],"default":null}""", """{"name":"a","type":"int"}""", "")]
    [InlineData("""{"name":"a","type":"int"},{"name":"b","type":"string"}""", """{"name":"a","type":"int"}""", "READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1 (b)")]
    [InlineData("""{"name":"a","type":"int"}""", """{"name":"a","type":"int"},{"name":"b","type":"string"}""", "")]
    [InlineData("""{"name":"c","type":"int","aliases":["a"]}""", """{"name":"a","type":"int"}""", "")]
    [InlineData("""{"name":"c","type":"int","aliases":["a"],"default":0}""", """{"name":"a","type":"int"},{"name":"c","type":"int"}""", "READER_FIELD_AMBIGUOUS at /fields/0 (c matches c and a)")]
    public void Fields_are_matched_by_name_alias_or_default(string reader, string writer, string expected) =>
        Reasons(Record(reader), Record(writer)).ShouldBe(expected);

    [Fact]
    public void A_reason_names_the_field_inside_nested_types()
    {
        const string Inner = """{"type":"array","items":{"type":"record","name":"Line","fields":[{"name":"price","type":"TYPE"}]}}""";
        var reader = Record($$"""{"name":"lines","type":{{Inner.Replace("TYPE", "int", StringComparison.Ordinal)}}}""");
        var writer = Record($$"""{"name":"lines","type":{{Inner.Replace("TYPE", "string", StringComparison.Ordinal)}}}""");

        var reason = SchemaCompatibility.Check(reader, writer).ShouldHaveSingleItem();

        reason.Path.ShouldBe("/fields/0/type/items/fields/0/type");
        reason.FieldPath.ShouldBe("lines[].price");
        reason.Describe("new", "old").ShouldBe(
            "The type (path '/fields/0/type/items/fields/0/type') of a field in the new schema does not match with the old schema");
    }

    [Fact]
    public void A_nullable_record_says_which_of_its_fields_is_at_fault()
    {
        static string Order(string type) =>
            Record($$"""{"name":"order","type":["null",{"type":"record","name":"Order","fields":[{"name":"currency","type":"{{type}}"}]}]}""");

        var reason = SchemaCompatibility.Check(Order("int"), Order("string")).ShouldHaveSingleItem();

        reason.Type.ShouldBe(IncompatibilityType.MissingUnionBranch);
        reason.Path.ShouldBe("/fields/0/type/1");
        var cause = reason.Causes.ShouldHaveSingleItem();
        cause.Type.ShouldBe(IncompatibilityType.TypeMismatch);
        cause.FieldPath.ShouldBe("order.currency");
    }

    [Fact]
    public void A_recursive_record_is_compatible_with_itself_and_not_with_a_deeper_change()
    {
        const string Node = """{"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"],"default":null},{"name":"v","type":"TYPE"}]}""";
        var ints = Node.Replace("TYPE", "int", StringComparison.Ordinal);
        var strings = Node.Replace("TYPE", "string", StringComparison.Ordinal);

        Reasons(ints, ints).ShouldBe("");
        Reasons(ints, strings).ShouldBe("TYPE_MISMATCH at /fields/1/type (reader type: INT not compatible with writer type: STRING)");
    }

    [Theory]
    [InlineData(CompatibilityLevel.None, "")]
    [InlineData(CompatibilityLevel.Backward, "")]
    [InlineData(CompatibilityLevel.BackwardTransitive, "0:new:b")]
    [InlineData(CompatibilityLevel.Forward, "")]
    [InlineData(CompatibilityLevel.FullTransitive, "0:new:b")]
    public void A_default_that_was_needed_is_missed_only_by_the_transitive_levels(CompatibilityLevel level, string expected)
    {
        string[] earlier = [Record("""{"name":"a","type":"int"}"""), Record("""{"name":"a","type":"int"},{"name":"b","type":"int","default":0}""")];
        var candidate = Record("""{"name":"a","type":"int"},{"name":"b","type":"int"}""");

        var found = SchemaCompatibility.CheckTransitive(level, candidate, earlier);

        string.Join(';', found.Select(f => $"{f.Index}:{f.Reader}:{f.Reason.Message}")).ShouldBe(expected);
    }

    [Fact]
    public void Reasons_do_not_multiply_through_shared_types()
    {
        // Each record uses the one before it twice: without a bound 2^40 reasons.
        static string Chain(string leaf) => "[" + $$"""{"type":"record","name":"R0","fields":[{"name":"x","type":"{{leaf}}"}]}""" + string.Concat(
            Enumerable.Range(1, 40).Select(i => $$""",{"type":"record","name":"R{{i}}","fields":[{"name":"a","type":"R{{i - 1}}"},{"name":"b","type":"R{{i - 1}}"}]}""")) + "]";
        static string Last(string leaf) => $$"""{"type":"record","name":"Top","fields":[{"name":"u","type":{{Chain(leaf)}}},{"name":"t","type":"R40"}]}""";

        SchemaCompatibility.Check(Last("int"), Last("string")).Count.ShouldBeInRange(1, 200);
    }

    private static string Record(string fields) => $$"""{"type":"record","name":"R","fields":[{{fields}}]}""";

    private static string Reasons(string reader, string writer) =>
        string.Join("; ", SchemaCompatibility.Check(reader, writer).Select(reason => $"{reason.TypeName} at {reason.Path} ({reason.Message})"));
}
