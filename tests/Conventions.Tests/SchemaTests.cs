using Commerce.Streaming.Contracts.Generator;

namespace Commerce.Streaming.Conventions.Tests;

public sealed class SchemaTests
{
    private const string Good = """
        {"type":"record","name":"Sold","namespace":"Shop","doc":"A sale.","fields":[
          {"name":"sku","type":"string","doc":"What.","pii":"none"},
          {"name":"how","type":{"type":"enum","name":"How","namespace":"Shop","doc":"How.","symbols":["UNKNOWN"],"default":"UNKNOWN"},"doc":"How.","pii":"none"}]}
        """;

    private static string Folder => Path.Combine(Repository.Current.Root, "schemas");

    [Fact]
    public void Every_type_and_field_is_documented_and_every_field_has_a_pii_class() => SchemaRules.Undescribed(Repository.Current).ShouldHold(
        $"Say in a sentence what it is; pii is one of {string.Join(", ", SchemaRules.PiiClasses)}");

    [Theory]
    [InlineData("\"doc\":\"A sale.\",", "", "Shop.Sold has no doc")]
    [InlineData("\"doc\":\"What.\",", "", "sku has no doc")]
    [InlineData("\"doc\":\"What.\",", "\"doc\":\" \",", "sku has no doc")]
    [InlineData(",\"pii\":\"none\"}", "}", "sku has no pii class", "how has no pii class")]
    [InlineData("\"doc\":\"What.\",\"pii\":\"none\"", "\"doc\":\"What.\",\"pii\":\"secret\"", "sku has the unknown pii class secret")]
    [InlineData("\"doc\":\"How.\",\"symbols\"", "\"symbols\"", "Shop.How has no doc")]
    [InlineData(",\"default\":\"UNKNOWN\"", "", "Shop.How has no default")]
    public void What_is_missing_is_found(string text, string without, params string[] named) =>
        SchemaRules.Undescribed(Repository.Of(("schemas/shop/sold/v1/1.avsc", Good.Replace(text, without, StringComparison.Ordinal)))).ShouldFind(named);

    [Fact]
    public void A_described_schema_passes() => SchemaRules.Undescribed(Repository.Of(("schemas/shop/sold/v1/1.avsc", Good))).ShouldBeEmpty();

    [Fact]
    public void Schemas_read_everything_that_was_written_before() =>
        SchemaEvolution.Check(Folder, SchemaSet.Load(Folder)).ShouldHold("BACKWARD_TRANSITIVE is promised to every consumer");

    [Fact]
    public void Published_schemas_are_recorded() => SchemaEvolution.Unpublished(Folder, SchemaSet.Load(Folder)).ShouldHold(
        "Run: dotnet run --project shared/Contracts.Generator -- schemas publish; and commit schemas/published");

    [Theory]
    [InlineData("""{"name":"total","type":"double"}""", "Field total:", "has no default value")]
    [InlineData("""{"name":"lines","type":{"type":"array","items":"string"},"default":[]}""", "Field lines[]:", "does not match")]
    [InlineData("""{"name":"kind","type":{"type":"enum","name":"Kind","namespace":"Shop","symbols":["B"]},"default":"B"}""", "Field kind:", "missing enum symbols '[A]'")]
    public void A_revision_that_cannot_read_an_earlier_one_is_found(string field, string where, string why)
    {
        using var schemas = new SchemaFolder();
        schemas.Write("shop/sold/v1/1.avsc", Record(
            """{"name":"lines","type":{"type":"array","items":"int"},"default":[]},{"name":"kind","type":{"type":"enum","name":"Kind","namespace":"Shop","symbols":["A"]},"default":"A"}"""));
        schemas.Write("shop/sold/v1/2.avsc", Record(field));

        var fault = SchemaEvolution.Check(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldHaveSingleItem();

        fault.ShouldContain("2.avsc: Shop.Sold cannot read what revision 1 wrote. " + where);
        fault.ShouldContain(why);
    }

    [Fact]
    public void A_default_that_a_later_revision_takes_away_is_found_against_the_first()
    {
        using var schemas = new SchemaFolder();
        schemas.Write("shop/sold/v1/1.avsc", Record(""));
        schemas.Write("shop/sold/v1/2.avsc", Record("""{"name":"n","type":"int","default":0}"""));
        schemas.Write("shop/sold/v1/3.avsc", Record("""{"name":"n","type":"int"}"""));

        SchemaEvolution.Check(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldFind("what revision 1 wrote. Field n:");
    }

    [Fact]
    public void A_revision_changed_in_place_is_found_once_it_was_published()
    {
        using var schemas = new SchemaFolder();
        schemas.Write("shop/sold/v1/1.avsc", Record("""{"name":"n","type":"int"}"""));
        SchemaEvolution.Publish(schemas.Path, SchemaSet.Load(schemas.Path)).Count.ShouldBe(1);

        schemas.Write("shop/sold/v1/1.avsc", Record("""{"name":"n","type":"string"}"""));

        SchemaEvolution.Check(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldFind("what published text 1 wrote. Field n:");
        SchemaEvolution.Unpublished(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldBe(["Shop.Sold"]);
    }

    [Fact]
    public void A_change_of_a_shared_type_is_found_in_the_record_that_uses_it()
    {
        using var schemas = new SchemaFolder();
        schemas.Write("types/Price.avsc", """{"type":"record","name":"Price","namespace":"Shop","fields":[{"name":"amount","type":"int"}]}""");
        schemas.Write("shop/sold/v1/1.avsc", Record("""{"name":"price","type":["null","Shop.Price"],"default":null}"""));
        SchemaEvolution.Publish(schemas.Path, SchemaSet.Load(schemas.Path));

        schemas.Write("types/Price.avsc", """{"type":"record","name":"Price","namespace":"Shop","fields":[{"name":"amount","type":"int"},{"name":"currency","type":"string"}]}""");

        SchemaEvolution.Check(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldFind("Field price.currency:");
    }

    [Fact]
    public void Publishing_twice_changes_nothing_and_a_compatible_change_adds_a_text()
    {
        using var schemas = new SchemaFolder();
        schemas.Write("shop/sold/v1/1.avsc", Record(""));
        SchemaEvolution.Publish(schemas.Path, SchemaSet.Load(schemas.Path));
        SchemaEvolution.Publish(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldBeEmpty();

        schemas.Write("shop/sold/v1/2.avsc", Record("""{"name":"n","type":"int","default":0}"""));

        SchemaEvolution.Check(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldBeEmpty();
        SchemaEvolution.Publish(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldHaveSingleItem().ShouldEndWith(Path.Combine("Shop.Sold", "2.json"));
    }

    [Fact]
    public void A_gap_between_revisions_is_found()
    {
        using var schemas = new SchemaFolder();
        schemas.Write("shop/sold/v1/1.avsc", Record(""));
        schemas.Write("shop/sold/v1/3.avsc", Record(""));

        SchemaEvolution.Check(schemas.Path, SchemaSet.Load(schemas.Path)).ShouldFind("without gaps; found 1, 3");
    }

    private static string Record(string fields) => $$"""{"type":"record","name":"Sold","namespace":"Shop","fields":[{{fields}}]}""";
}
