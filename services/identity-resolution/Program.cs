using Commerce.Streaming.IdentityResolution;
using Commerce.Streaming.IdentityResolution.Http;
using Commerce.Streaming.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("identity-resolution");
builder.AddIdentityResolution();

var app = builder.Build();
app.MapServiceDefaults();
app.MapProfiles();

return await app.RunServiceAsync();
