using Commerce.Streaming.Ingest;
using Commerce.Streaming.Ingest.Http;
using Commerce.Streaming.ServiceDefaults;

var builder = ServiceDefaultsHost.CreateServiceBuilder(args, "ingest");
builder.AddIngest();

var app = builder.Build();
app.MapServiceDefaults();
app.MapIngest();

return await app.RunServiceAsync();
