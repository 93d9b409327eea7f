using Commerce.Streaming.Consent;
using Commerce.Streaming.Consent.Http;
using Commerce.Streaming.ServiceDefaults;

var builder = ServiceDefaultsHost.CreateServiceBuilder(args, "consent");
builder.AddConsent();

var app = builder.Build();
// CORS comes first: a browser may also read that it was refused.
app.MapDecisions();
app.MapServiceDefaults();

return await app.RunServiceAsync();
