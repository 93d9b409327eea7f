using System.Globalization;
using Commerce.Streaming.Processing;
using Commerce.Streaming.Processing.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Runs the counting topology until it is told to stop, or killed: settings come as environment variables.
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.Logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.TimestampFormat = "HH:mm:ss.fff ";
});
var counting = new CountingTopology(args[0], int.Parse(args[1], CultureInfo.InvariantCulture), isParking: args is [_, _, "parking"]);
builder.Services.AddTopology(string.IsNullOrEmpty(builder.Configuration["Redis:Url"]) ? counting.Build() : counting.BuildWithView());
using var host = builder.Build();
var services = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
await host.RunAsync();
// A failed topology stops the host; whoever supervises must see that it was no ordinary stop.
return services.Exists(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
