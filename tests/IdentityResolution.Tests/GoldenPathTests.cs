using Commerce.Streaming.Identifiers;
using System.Net.Http.Json;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.IdentityResolution.Domain;
using Commerce.Streaming.IdentityResolution.Http;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.IdentityResolution.Tests;

/// <summary>The service on a real log, registry and Redis.</summary>
public sealed class GoldenPathTests(KafkaFixture kafka, RedisFixture redis)
{
    [Fact]
    public async Task Visitor_signs_in_and_is_one_profile_in_events_orders_merges_and_over_http()
    {
        var cancel = TestContext.Current.CancellationToken;
        var run = Guid.NewGuid().ToString("N");
        var (user, device, order) = ($"user-{run}", $"dev-{run}", $"order-{run}");
        var profile = ProfileIds.Of(Given.Tenant, Identifier.User(Given.Platform, user));
        await using var service = await RunningService.StartAsync(
            [.. kafka.ServiceSettings, .. redis.ServiceSettings],
            builder =>
            {
                builder.AddServiceDefaults("identity-resolution");
                builder.AddIdentityResolution();
            },
            app =>
            {
                app.MapServiceDefaults();
                app.MapProfiles();
            },
            cancel);

        var visit = Given.Event($"visit-{run}", anonymousId: device);
        var signIn = Given.Event($"sign-in-{run}", userId: user, anonymousId: device);
        var purchase = Given.Event($"purchase-{run}", userId: user) with { Order = Given.Order(order) };
        await kafka.ProduceAsync(
            Topics.CollectionEvents,
            (Keyed(Identifier.Anonymous(device)), visit), (Keyed(Identifier.Anonymous(device)), visit),
            (Keyed(Identifier.User(Given.Platform, user)), signIn), (Keyed(Identifier.User(Given.Platform, user)), purchase));

        var merged = await kafka.ReadUntilAsync(Topics.IdentityProfileMerges, one => one.Value!.Winner == profile, all => all.Count == 1, cancel);
        merged[0].Value!.Loser.ShouldBe(ProfileIds.Of(Given.Tenant, Identifier.Anonymous(device)));
        var completed = await kafka.ReadUntilAsync(Topics.OrdersCompleted, one => one.Key == $"{Given.Platform}/{order}", all => all.Count == 1, cancel);
        completed[0].Value!.ProfileId.ShouldBe(profile);
        await service.UntilAsync(async client => (await Find(client, $"anonymousId={device}", cancel)).ProfileId == profile, cancel);
        (await Find(service.Client, $"profileId={merged[0].Value!.Loser}", cancel)).Identifiers
            .ShouldBe([Identifier.Anonymous(device), Identifier.User(Given.Platform, user)]);

        // The assignment has reached the resolve stage once the device's own events carry the profile.
        await kafka.ProduceAsync(Topics.CollectionEvents, (Keyed(Identifier.Anonymous(device)), Given.Event($"later-{run}", anonymousId: device)));
        var resolved = await kafka.ReadUntilAsync(
            Topics.IdentityResolvedEvents, one => one.Value!.Event.MessageId.EndsWith(run, StringComparison.Ordinal), all => all.Count == 4, cancel);
        resolved.Select(one => one.Value!.Event.MessageId).ShouldBeUnique();
        resolved.Single(one => one.Value!.Event.MessageId == $"later-{run}").Key.ShouldBe(profile);
    }

    private static string Keyed(string identifier) => Identifier.Key(Given.Tenant, identifier);

    private static async Task<ProfileAnswer> Find(HttpClient client, string query, CancellationToken cancel) =>
        (await client.GetFromJsonAsync<ProfileAnswer>($"/v1/profiles?{query}", cancel))!;
}
