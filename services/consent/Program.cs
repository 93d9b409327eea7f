using Commerce.Streaming.Consent;
using Commerce.Streaming.Consent.Http;
using Commerce.Streaming.ServiceDefaults;

var builder = ServiceDefaultsHost.CreateServiceBuilder(args, "consent");
builder.AddConsent();

var app = builder.Build();
app.MapServiceDefaults();
app.MapDecisions();

return await app.RunServiceAsync();
