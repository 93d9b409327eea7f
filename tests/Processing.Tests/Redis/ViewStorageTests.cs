using Commerce.Streaming.Processing.Redis;
using Commerce.Streaming.Processing.Testing;
using Commerce.Streaming.Testing;
using StackExchange.Redis;

namespace Commerce.Streaming.Processing.Tests.Redis;

/// <summary>The watermark script on Garnet, or on the server that COMMERCE_TEST_REDIS_URL names.</summary>
public sealed class ViewStorageTests(RedisFixture server) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private const string Epoch = "cluster/topic";
    private readonly string _prefix = $"test-{Guid.NewGuid():N}:";
    private readonly TestClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ConnectionMultiplexer _connection = null!;
    private IDatabase Redis => _connection.GetDatabase();

    public async ValueTask InitializeAsync() => _connection = await ConnectionMultiplexer.ConnectAsync(server.Configuration);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task A_rebuild_writes_all_and_a_change_follows_on_it()
    {
        var storage = Storage();
        (await storage.ReadHeldAsync()).ShouldBeNull();

        (await storage.RebuildAsync(10, [String("a", "1"), Hash("h", "x", "1", "y", "2")])).ShouldBe(ViewAnswer.Written);
        (await storage.ApplyAsync(10, 12, [String("a", "2"), Hash("h", "x", "3")])).ShouldBe(ViewAnswer.Written);

        (await storage.ReadHeldAsync()).ShouldBe(12);
        ((string?)await Redis.StringGetAsync(_prefix + "a")).ShouldBe("2");
        (await Redis.HashGetAllAsync(_prefix + "h")).ShouldHaveSingleItem().ToString().ShouldBe("x: 3");
    }

    [Fact]
    public async Task Deletions_remove_keys()
    {
        var storage = Storage();
        await storage.RebuildAsync(1, [String("a", "1"), String("b", "1")]);
        await storage.ApplyAsync(1, 2, [Gone("a")]);

        (await Redis.KeyExistsAsync(_prefix + "a")).ShouldBeFalse();
        (await Redis.KeyExistsAsync(_prefix + "b")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_change_that_does_not_follow_on_what_is_held_is_refused()
    {
        var storage = Storage();
        (await storage.ApplyAsync(5, 6, [String("a", "1")])).ShouldBe(ViewAnswer.Gap);
        await storage.RebuildAsync(10, [String("a", "1")]);
        (await storage.ApplyAsync(9, 12, [String("a", "2")])).ShouldBe(ViewAnswer.Gap);

        ((string?)await Redis.StringGetAsync(_prefix + "a")).ShouldBe("1");
    }

    [Fact]
    public async Task A_former_owner_is_refused_even_between_the_chunks_of_the_new_one()
    {
        var former = Storage();
        await former.RebuildAsync(10, [String("a", "old"), String("b", "old")]);
        // The new owner's first chunk of two has come, the second is on its way.
        var half = Storage(chunkKeys: 1);
        await Redis.ScriptEvaluateAsync(
            ViewScript.Text, [_prefix + "#watermark:0", _prefix + "#keys:0", _prefix + "a"], [Epoch, "10", 20, 0, 0, 0, 1, 1, "new"]);

        (await former.ApplyAsync(10, 15, [String("a", "zombie")])).ShouldBe(ViewAnswer.Superseded);
        (await half.ApplyAsync(10, 20, [String("a", "new"), String("b", "new")])).ShouldBe(ViewAnswer.Written);
        (await former.RebuildAsync(15, [String("a", "zombie")])).ShouldBe(ViewAnswer.Superseded);

        ((string?)await Redis.StringGetAsync(_prefix + "a")).ShouldBe("new");
        (await former.ReadHeldAsync()).ShouldBe(20);
    }

    [Fact]
    public async Task Another_changelogs_view_is_not_trusted_and_a_rebuild_removes_what_it_left()
    {
        await Storage("former/topic").RebuildAsync(1_000, [String("stale", "1"), String("a", "1")]);
        var storage = Storage();

        (await storage.ReadHeldAsync()).ShouldBeNull();
        (await storage.RebuildAsync(3, [String("a", "2")])).ShouldBe(ViewAnswer.Written);

        (await Redis.KeyExistsAsync(_prefix + "stale")).ShouldBeFalse();
        (await storage.ReadHeldAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task More_keys_than_a_chunk_are_written_in_several_and_held_only_with_the_last()
    {
        var storage = Storage(chunkKeys: 7);
        var entries = Enumerable.Range(0, 100).Select(index => String($"k{index}", $"{index}")).ToList();

        (await storage.RebuildAsync(50, entries)).ShouldBe(ViewAnswer.Written);

        ((string?)await Redis.StringGetAsync(_prefix + "k99")).ShouldBe("99");
        (await Redis.SetLengthAsync(_prefix + "#keys:0")).ShouldBe(100);
    }

    [Fact]
    public async Task A_view_that_was_not_written_for_long_is_not_trusted_for_deletions_may_have_left_the_changelog()
    {
        var storage = Storage();
        await storage.RebuildAsync(3, [String("a", "2")]);
        (await storage.ReadTrustedAsync()).ShouldBe(3);
        _clock.Advance(TimeSpan.FromHours(13));

        (await storage.ReadTrustedAsync()).ShouldBeNull();
        (await storage.ReadHeldAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_moved_to_another_partition_when_those_were_raised_is_not_deleted_by_the_one_it_left()
    {
        // One partition has all; then there are two, with changelogs made anew, and the new one is the first to come up.
        await Storage("former/topic").RebuildAsync(1_000, [String("stays", "1"), String("moves", "1"), String("gone", "1")]);
        await Storage(partition: 1).RebuildAsync(5, [String("moves", "2")]);
        (await Storage().RebuildAsync(7, [String("stays", "2")])).ShouldBe(ViewAnswer.Written);

        ((string?)await Redis.StringGetAsync(_prefix + "moves")).ShouldBe("2");
        ((string?)await Redis.StringGetAsync(_prefix + "stays")).ShouldBe("2");
        (await Redis.KeyExistsAsync(_prefix + "gone")).ShouldBeFalse();
        (await Redis.SetMembersAsync(_prefix + "#keys:0")).ShouldHaveSingleItem().ToString().ShouldBe(_prefix + "stays");
        // Its owner may delete it.
        (await Storage(partition: 1).ApplyAsync(5, 6, [Gone("moves")])).ShouldBe(ViewAnswer.Written);
        (await Redis.KeyExistsAsync(_prefix + "moves")).ShouldBeFalse();
    }

    // Of a view whose topic had one partition and has two.
    private ViewStorage Storage(string epoch = Epoch, int chunkKeys = 500, int partition = 0) =>
        new(new RedisViewServer(Redis), _prefix, partition, epoch, chunkKeys, _clock, siblings: [1 - partition]);

    private static ViewChange String(string key, string value) => new(key, [value], JoinsIndex: true);

    private static ViewChange Hash(string key, params string[] fields) => new(key, fields, JoinsIndex: true);

    private static ViewChange Gone(string key) => new(key, Shown: null, JoinsIndex: false);
}
