using System.Net;
using System.Net.Http.Json;
using Commerce.Identity;
using Commerce.Streaming.Attribution.Adapters;
using Commerce.Streaming.Attribution.Http;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.ServiceDefaults;
using Commerce.Streaming.Testing;

namespace Commerce.Streaming.Attribution.Tests;

/// <summary>The service on a real log, registry and Redis.</summary>
public sealed class GoldenPathTests(KafkaFixture kafka, RedisFixture redis)
{
    [Fact]
    public async Task Visit_order_merge_and_refund_become_credits_in_the_log_and_over_http()
    {
        var cancel = TestContext.Current.CancellationToken;
        var run = Guid.NewGuid().ToString("N");
        var (order, device, user, visit) = ($"order-{run}", $"p_dev-{run}", $"p_user-{run}", $"visit-{run}");
        var orderKey = $"{Given.Platform}/{order}";
        await using var service = await RunningService.StartAsync(
            [.. kafka.ServiceSettings, .. redis.ServiceSettings],
            builder =>
            {
                builder.AddServiceDefaults("attribution");
                builder.AddAttribution();
            },
            app =>
            {
                app.MapServiceDefaults();
                app.MapCredits();
            },
            cancel);

        await kafka.ProduceAsync(Topics.IdentityResolvedEvents, (device, new ResolvedEvent
        {
            ProfileId = device, Event = Given.Visit(visit, Given.Campaign("newsletter", "email"), daysBefore: 2),
        }));
        await kafka.ProduceAsync(Topics.OrdersCompleted, (orderKey, Given.Completed(order, user, 100m)));
        await kafka.ProduceAsync(Topics.IdentityProfileMerges, (device, new ProfileMerged
        {
            Tenant = "default", Loser = device, Winner = user, Identifiers = [], EvidenceMessageId = visit, Version = 1, MergedAt = Given.Day,
        }));
        await kafka.ProduceAsync(Topics.OrdersRefunded, (orderKey, Given.Refunded($"refund-{run}", order, user, 30m)));

        var stated = await kafka.ReadUntilAsync(
            Topics.AttributionCredits, one => one.Key == orderKey,
            all => all.Any(one => one.Value is { NetRevenue: 70m } credited && credited.Models[0].Credits[0].Touch == visit), cancel);
        stated.Select(one => one.Value!.Version).ShouldBe(Enumerable.Range(1, stated.Count).Select(version => (long)version));
        stated[^1].Value!.Models.ShouldAllBe(model => model.Credits.Sum(credit => credit.Credit) == 70m);

        await service.UntilAsync(async client => (await Find(client, order, cancel))?.Version == stated.Count, cancel);
        var shown = (await Find(service.Client, order, cancel))!;
        shown.Models.Single().Credits.ShouldHaveSingleItem().ShouldBe(new CreditDocument(visit, "email", null, Given.Day.AddDays(-2), 70m));
        (await service.Client.GetAsync($"/v1/orders/{Given.Platform}/nothing-{run}/credits", cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await service.Client.GetAsync($"/v1/orders/{orderKey}/credits?model=guess", cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<CreditsDocument?> Find(HttpClient client, string order, CancellationToken cancel)
    {
        using var answer = await client.GetAsync($"/v1/orders/{Given.Platform}/{order}/credits?model=linear", cancel);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<CreditsDocument>(cancel) : null;
    }
}
