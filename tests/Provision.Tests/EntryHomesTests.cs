using System.Text;
using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Repartition;
using CsCheck;

namespace Commerce.Streaming.Provision.Tests;

public sealed class EntryHomesTests
{
    private static readonly Gen<(string Key, int From, int Factor)> Growth = Gen.Select(Gen.String[1, 30], Gen.Int[1, 48], Gen.Int[2, 8]);

    [Fact]
    public void A_key_goes_to_one_of_the_partitions_into_which_its_own_splits() => Growth.Sample(growth =>
    {
        var key = Bytes(growth.Key);
        var old = Murmur2.PartitionOf(key, growth.From);
        Homes(HomeRule.Key, growth.From, growth.From * growth.Factor).Descendants(old).ShouldContain(Murmur2.PartitionOf(key, growth.From * growth.Factor));
    });

    [Fact]
    public void What_a_record_made_is_found_where_the_record_goes() => Growth.Sample(growth =>
    {
        var (record, from, to) = (growth.Key.Replace("|", "", StringComparison.Ordinal).Replace("\u001f", "", StringComparison.Ordinal), growth.From, growth.From * growth.Factor);
        var (old, home) = (Murmur2.PartitionOf(Bytes(record), from), Murmur2.PartitionOf(Bytes(record), to));

        Of(HomeRule.Key, record).ShouldBe([home]);
        Of(HomeRule.BeforeBar, record + "|touch|1").ShouldBe([home]);
        Of(HomeRule.BeforeUnitSeparator, record + "\u001fcart").ShouldBe([home]);
        Of(HomeRule.Claim, "order/" + record).ShouldBe([home]);
        Of(HomeRule.KeyElseEverywhere, record).ShouldBe([home]);
        Of(HomeRule.Everywhere, "0/shop/m1").ShouldContain(home);
        Homes(HomeRule.KeyElseEverywhere, from, to).Of(Bytes(record), [], (old + 1) % from).Partitions.Count.ShouldBe(from == 1 ? 1 : growth.Factor);

        IReadOnlyList<int> Of(HomeRule rule, string key)
        {
            var verdict = Homes(rule, from, to).Of(Bytes(key), [], old);
            verdict.Contradiction.ShouldBeNull();
            return verdict.Partitions;
        }
    });

    [Theory]
    [InlineData("order/shop/1", "shop/1")]
    [InlineData("order/shop/a/b", "shop/a/b")]
    [InlineData("refund/shop/r1/1", "shop/1")]
    [InlineData("refund/shop/r1/-", "shop/r1", "shop/-")]
    [InlineData("refund/shop/r/1/2", "shop/1/2", "shop/2")]
    [InlineData("else")]
    public void A_claim_leads_to_its_order_or_its_refund(string key, params string[] records) =>
        EntryHomes.Keys(HomeRule.Claim, key).ShouldBe(records, ignoreOrder: true);

    [Fact]
    public void An_entry_in_a_foreign_partition_is_a_contradiction()
    {
        var own = Murmur2.PartitionOf(Bytes("shop/1"), 6);
        Homes(HomeRule.Key, 6, 12).Of(Bytes("shop/1"), [], (own + 1) % 6).Contradiction.ShouldNotBeNull();
    }

    [Fact]
    public void A_timer_goes_by_its_key_and_one_that_is_not_known_is_a_contradiction()
    {
        var home = new Home(HomeRule.Timer) { Timers = new Dictionary<string, HomeRule> { ["touch"] = HomeRule.BeforeBar } };
        var timer = new TimerEntry { Name = "touch", Key = "p_1|t", DueAt = default, EventTime = false };
        Of(timer).Partitions.ShouldBe([Murmur2.PartitionOf(Bytes("p_1"), 12)]);
        Of(timer with { Name = "other" }).Contradiction!.ShouldContain("other");

        HomeVerdict Of(TimerEntry entry) => new EntryHomes(home, 6, 12, _ => entry, _ => throw new InvalidOperationException(), _ => null)
            .Of(Bytes("touch|p_1|t"), [], Murmur2.PartitionOf(Bytes("p_1"), 6));
    }

    [Fact]
    public void A_line_goes_where_its_letters_go_and_stays_when_there_are_none()
    {
        var (old, home) = (Murmur2.PartitionOf(Bytes("shop/a|b"), 6), Murmur2.PartitionOf(Bytes("shop/a|b"), 12));
        Of("shop/a", [home]).Partitions.ShouldBe([home]);
        Of("shop/a", [old, old + 6]).Contradiction!.ShouldContain("dlq");
        Of("shop/a", [(old + 1) % 6]).Contradiction.ShouldNotBeNull();
        // By name, as where letters come back in any order: nothing leads anywhere.
        var name = Enumerable.Range(0, 100).Select(offset => $"in/0/{offset}").First(name => Murmur2.PartitionOf(Bytes(name), 6) != old);
        Of(name, null).Partitions.ShouldBe([old]);
        // By key: the key is held up where it goes.
        Of("shop/a|b", null).Partitions.ShouldBe([home]);

        HomeVerdict Of(string key, int[]? homes)
        {
            var line = new ParkedKey { Line = "in/0/1", Next = 1, Last = 1, Since = default, Reason = "handler", Attempts = 1 };
            return new EntryHomes(new Home(HomeRule.Letter), 6, 12, _ => throw new InvalidOperationException(), _ => line, _ => homes).Of(Bytes(key), [], old);
        }
    }

    private static EntryHomes Homes(HomeRule rule, int from, int to) =>
        new(new Home(rule), from, to, _ => throw new InvalidOperationException(), _ => throw new InvalidOperationException(), _ => null);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
