using Commerce.Streaming.Attribution;
using Commerce.Streaming.Attribution.Http;
using Commerce.Streaming.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("attribution");
builder.AddAttribution();

var app = builder.Build();
app.MapServiceDefaults();
app.MapCredits();

return await app.RunServiceAsync();
