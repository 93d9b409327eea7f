using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Warehouse;
using Commerce.Streaming.Warehouse.Api;

if (args is ["migrate", ..])
    return MigrateCommand.Run(args[1..]);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("warehouse");
builder.AddSink();

var app = builder.Build();
app.MapServiceDefaults();
app.MapFreshness();
return await app.RunServiceAsync();
