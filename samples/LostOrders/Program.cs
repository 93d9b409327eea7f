// Orders that were refunded in full, each announced once: state, output and offsets are one Kafka transaction.
using Avro.Specific;
using Commerce.Orders;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing;
using Commerce.Streaming.Provisioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

var orders = new Store<OrderCompleted>("orders", Own<OrderCompleted>("sales.lost-orders.orders.changelog.v1", OrderCompleted._SCHEMA, "compact"));
var refunds = new Store<OrderRefunded>("refunds", Own<OrderRefunded>("sales.lost-orders.refunds.changelog.v1", OrderRefunded._SCHEMA, "compact"));
var lost = Own<OrderCompleted>("sales.lost-orders.v1", OrderCompleted._SCHEMA);
// Orders and their refunds have the same key, platform/orderId, and so meet in one partition with its state.
var topology = Topology.Named("sales.lost-orders")
    .WithState(orders).WithState(refunds)
    .From(Topics.OrdersCompleted, (record, context) => { context.Put(orders, record.Key, record.Value); Announce(record.Key, context); })
    .From(Topics.OrdersRefunded, (record, context) => { context.Put(refunds, record.Key, record.Value); Announce(record.Key, context); })
    .To(lost)
    .DeadLettersTo(Own<DeadLetter>("sales.lost-orders.dlq.v1", DeadLetter._SCHEMA)); // what cannot be read, or whose handler throws

var builder = Host.CreateApplicationBuilder(args); // Kafka__BootstrapServers, Kafka__PartitionsMultiple, SchemaRegistry__Url, Processing__InstanceId
using (var provisioner = new Provisioner(
    [new("bootstrap.servers", builder.Configuration["Kafka:BootstrapServers"]!)], [new("schema.registry.url", builder.Configuration["SchemaRegistry:Url"]!)],
    new ProvisioningOptions(PartitionsMultiple: builder.Configuration.GetValue("Kafka:PartitionsMultiple", 1))))
    await provisioner.ProvisionAsync([.. topology.AllTopics]); // changes nothing that is there
builder.Services.AddTopology(topology);
await builder.Build().RunAsync();

void Announce(string key, IProcessingContext context)
{
    // Whichever comes first: two topics have no common order.
    if (context.Get(orders, key) is { } order && context.Get(refunds, key) is { } refund && refund.Refund.Amount >= order.Order.Revenue)
        { context.Send(lost, key, order); context.Delete(orders, key); context.Delete(refunds, key); }
}

static Topic<T> Own<T>(string name, Avro.Schema schema, string policy = "delete") where T : class, ISpecificRecord => new(name, schema)
{
    Owner = "sales", KeyMeaning = "platform/orderId", Partitions = Topics.OrdersCompleted.Partitions, CleanupPolicy = policy,
    Retention = policy == "delete" ? TimeSpan.FromDays(30) : null, Pii = "pseudonym", Doc = "Orders refunded in full.",
};
