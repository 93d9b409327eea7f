using Commerce.Streaming.InventorySync.Adapters;
using Commerce.Streaming.InventorySync.Http;
using Commerce.Streaming.InventorySync.Results;
using Commerce.Streaming.Privacy;
using Commerce.Streaming.Processing;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.TopicWriting;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.InventorySync;

/// <summary>What the process is made of.</summary>
internal static class InventoryHost
{
    public static void AddInventorySync(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<InventoryOptions>(InventoryOptions.Section);
        builder.AddApiAccess();
        builder.AddValidatedOptions<SealingOptions>(SealingOptions.Section);
        builder.AddValidatedOptions<KafkaOptions>(KafkaOptions.Section);
        builder.AddRegistryClient();
        builder.AddValidatedOptions<RedisOptions>(RedisOptions.Section);
        builder.Services
            .AddTopology(InventoryTopologies.Claims, services => InventoryTopologies.BuildClaims(new ClaimHandlers(OptionsOf(services).ClaimsRemembered), SealingOf(services)))
            .AddTopology(InventoryTopologies.Ledger, services => InventoryTopologies.BuildLedger(LedgerOf(OptionsOf(services)), SealingOf(services)))
            .AddTopology(InventoryTopologies.Reservations, services => InventoryTopologies.BuildReservations(new StatusHandlers(OptionsOf(services).ToReservationRules()), SealingOf(services)))
            .AddSingleton<RawSealer>()
            .AddViewReading()
            .AddSingleton<IInventoryViews, RedisInventoryViews>()
            .AddSingleton<ICommandSender, KafkaCommandSender>()
            .AddSingleton<ReservationResults>()
            .AddSingleton<Reserver>()
            .AddSingleton<ResultsListener>()
            .AddHostedService(services => services.GetRequiredService<ResultsListener>())
            .AddReadiness("results", services =>
                services.GetRequiredService<ResultsListener>().IsListening ? null : "results of reservations are not read yet");
    }

    private static LedgerHandlers LedgerOf(InventoryOptions options) => new(options.CommandsRemembered, options.ToReservationRules());

    private static Sealing SealingOf(IServiceProvider services)
    {
        var sealer = services.GetRequiredService<RawSealer>();
        return new Sealing(sealer.Seal, sealer.Open);
    }

    private static InventoryOptions OptionsOf(IServiceProvider services) => services.GetRequiredService<IOptions<InventoryOptions>>().Value;
}
