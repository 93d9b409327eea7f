using Commerce.Streaming.Processing.Redis;
using Microsoft.Extensions.Configuration;

namespace Commerce.Streaming.Processing.Tests;

public sealed class RedisAddressTests
{
    [Theory]
    [InlineData("redis://127.0.0.1:17003", 17003, null, null, null, false)]
    [InlineData("rediss://user:s%2Fcret@cache.example/3", 6379, "user", "s/cret", 3, true)]
    public void Redis_url_becomes_what_stack_exchange_reads(string url, int port, string? user, string? password, int? database, bool tls)
    {
        var options = RedisAddress.From(new ConfigurationBuilder().AddInMemoryCollection([new("Redis:Url", url)]).Build());
        options.EndPoints.ShouldHaveSingleItem().ToString()!.ShouldEndWith($":{port}");
        (options.User, options.Password, options.DefaultDatabase, options.Ssl).ShouldBe((user, password, database, tls));
        options.AbortOnConnectFail.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://cache.example")]
    public void Other_addresses_are_refused(string url) =>
        Should.Throw<TopologyException>(() => RedisAddress.From(new ConfigurationBuilder().AddInMemoryCollection([new("Redis:Url", url)]).Build()));
}
