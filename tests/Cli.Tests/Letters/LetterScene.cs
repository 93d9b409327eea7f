using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Inventory;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace Commerce.Streaming.Cli.Tests.Letters;

/// <summary>
/// The inventory ledger as a process, and an operator with the real command line: two keys are parked, one for bytes that nobody can repair,
/// one for a schema that the registry lacks.
/// </summary>
internal sealed class LetterScene : IAsyncDisposable
{
    public const string Pipeline = "inventory-sync.ledger";
    public const string Unreadable = "shop/A";
    public const string Unknown = "shop/B";
    private const int WireHeaderBytes = 5;

    private readonly CachedSchemaRegistryClient _registry;
    private readonly IReadOnlyDictionary<string, string> _kafka;
    private readonly Dictionary<string, string> _operator;
    private readonly ServiceProcess _ledger;
    private readonly TemporaryFolder _home = new();
    private readonly HttpClient _http;

    private LetterScene(IReadOnlyDictionary<string, string> kafka, string registry, IReadOnlyDictionary<string, string> asOperator, ServiceProcess ledger)
    {
        (_kafka, _ledger) = (kafka, ledger);
        _registry = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = registry });
        _operator = new(asOperator)
        {
            ["COMMERCE_HOME"] = _home.Path, ["SCHEMA_REGISTRY_URL"] = registry, ["Privacy__SealingKey"] = KafkaFixture.SealingKey,
        };
        _http = new HttpClient { BaseAddress = ledger.Url };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="kafka">Client properties of somebody who may write to the pipeline's input.</param>
    /// <param name="service">Settings of the service.</param>
    /// <param name="asOperator">Variables of the operator's shell.</param>
    public static async Task<LetterScene> BeginAsync(
        IReadOnlyDictionary<string, string> kafka, string registry, IEnumerable<KeyValuePair<string, string?>> service, IReadOnlyDictionary<string, string> asOperator) =>
        new(kafka, registry, asOperator, await ServiceProcess.StartAsync("Commerce.Streaming.InventorySync", service));

    /// <summary>Runs `commerce dlq …` as the operator.</summary>
    public Task<CommandRun> DlqAsync(params string[] arguments) => RunAsync(["dlq", .. arguments]);

    public Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(_operator, arguments);

    /// <summary>What waits, as `dlq list PIPELINE --json` has it, once that is as expected.</summary>
    public async Task<IReadOnlyList<JsonNode>> WaitingAsync(params (string Key, int Letters)[] expected)
    {
        IReadOnlyList<JsonNode> keys = [];
        for (var attempt = 0; attempt < 30; attempt++)
        {
            var run = await DlqAsync("list", Pipeline, "--json");
            run.ShouldSucceed();
            keys = Lines(run);
            if (keys.Select(key => ((string)key["key"]!, (int)key["letters"]!)).Order().SequenceEqual(expected.Order()))
                return keys;
        }

        throw new ShouldAssertException($"what waits is {string.Join("; ", keys.Select(key => key.ToJsonString()))}");
    }

    public static IReadOnlyList<JsonNode> Lines(CommandRun run) => [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    /// <summary>Breaks both keys, and sends a receipt behind each.</summary>
    /// <returns>Gives the registry the schema that it lacks.</returns>
    public async Task<Func<Task>> BreakAsync()
    {
        // Ids are counted: the one after a schema that is new now is that of the next new one.
        var known = await _registry.RegisterSchemaAsync($"test.{Guid.NewGuid():N}", new Schema($$"""{"type":"fixed","name":"f{{Guid.NewGuid():N}}","size":1}""", SchemaType.Avro));
        var newer = JsonNode.Parse(Topics.InventoryStockCommands.ValueSchema.ToString())!;
        newer["doc"] = $"A release that the registry does not know {Guid.NewGuid():N}";
        var receipt = await SerializeAsync(Receipt("B", 7));
        byte[] ofNewer = [0, .. BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(known + 1)), .. receipt[WireHeaderBytes..]];
        using (var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig(_kafka.ToDictionary()) { Acks = Acks.All }).Build())
        {
            await SendAsync(producer, Unreadable, "garbage"u8.ToArray());
            await SendAsync(producer, Unreadable, await SerializeAsync(Receipt("A", 5)));
            await SendAsync(producer, Unknown, ofNewer);
        }

        return async () => (await _registry.RegisterSchemaAsync($"test.{Guid.NewGuid():N}", new Schema(newer.ToJsonString(), SchemaType.Avro))).ShouldBe(known + 1);
    }

    /// <summary>Units on hand, as the service says.</summary>
    public async Task<int?> OnHandAsync(string key)
    {
        using var answer = await _http.GetAsync($"/v1/availability/{key}", Token);
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("onHand").GetInt32() : null;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _ledger.DisposeAsync();
        _registry.Dispose();
        _home.Dispose();
    }

    private static StockCommand Receipt(string sku, int quantity) => new()
    {
        CommandId = $"receipt-{sku}", Platform = "shop", Sku = sku, Kind = StockCommandKind.RECEIVE, Quantity = quantity, Reference = "PO-1",
        OccurredAt = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero), ReceivedAt = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero),
    };

    private Task<byte[]> SerializeAsync(StockCommand command) =>
        new AvroSerializer<StockCommand>(_registry, new AvroSerializerConfig { AutoRegisterSchemas = false })
            .SerializeAsync(command, new SerializationContext(MessageComponentType.Value, Topics.InventoryStockCommands.Name));

    private static async Task SendAsync(IProducer<string, byte[]> producer, string key, byte[] value) =>
        await producer.ProduceAsync(Topics.InventoryStockCommands.Name, new Message<string, byte[]> { Key = key, Value = value }, Token);
}
