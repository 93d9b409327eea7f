using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Warehouse;
using Commerce.Streaming.Warehouse.Api;
using Commerce.Streaming.Warehouse.Audit;

if (args is ["migrate", ..])
    return MigrateCommand.Run(args[1..]);
if (args is ["audit", ..])
    return await AuditCommand.RunAsync(args[1..], Console.Out, Console.Error, CancellationToken.None);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("warehouse");
builder.AddSink();

var app = builder.Build();
app.MapServiceDefaults();
app.MapFreshness();
return await app.RunServiceAsync();
