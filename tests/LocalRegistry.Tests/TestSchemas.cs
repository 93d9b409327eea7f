namespace Commerce.Streaming.LocalRegistry.Tests;

internal static class TestSchemas
{
    public const string OrderV1 = """{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"string"}]}""";

    /// <summary>Reads V1 and is read by it.</summary>
    public const string OrderV2 =
        """{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"string"},{"name":"note","type":["null","string"],"default":null}]}""";

    /// <summary>Cannot read V1: no default.</summary>
    public const string OrderBroken =
        """{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"string"},{"name":"total","type":"double"}]}""";

    public const string Money = """{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"amount","type":"string"}]}""";

    public const string Priced = """{"type":"record","name":"Priced","namespace":"shop","fields":[{"name":"price","type":"shop.Money"}]}""";

    /// <summary>Different for each number.</summary>
    public static string Numbered(int i) => $$"""{"type":"record","name":"N{{i}}","fields":[]}""";
}
