using Commerce.Streaming.InventorySync;
using Commerce.Streaming.InventorySync.Http;
using Commerce.Streaming.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("inventory-sync");
builder.AddInventorySync();

var app = builder.Build();
app.MapServiceDefaults();
app.MapReservations();
app.MapAvailability();
return await app.RunServiceAsync();
