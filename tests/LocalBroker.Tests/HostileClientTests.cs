using System.Buffers.Binary;
using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class HostileClientTests
{
    private const int FramesPerVersion = 6;

    [Fact]
    public async Task Requests_of_every_type_and_version_with_bodies_of_garbage_do_no_harm()
    {
        using var faults = new FaultCounter();
        await using var broker = await TestBroker.StartAsync(with: options => options with { LoggerFactory = faults, MaxConnections = 5_000 });
        var before = GC.GetTotalAllocatedBytes();
        var sent = 0;
        foreach (var api in await ServedRequest.AllAsync(broker))
        {
            for (var version = api.Min; version <= api.Max; version++)
            {
                for (var i = 0; i < FramesPerVersion; i++)
                {
                    using var client = await RawClient.ConnectAsync(broker);
                    await client.SendAsync(new RequestFuzzer((api.Key * 1_000) + (version * 37) + i).Frame(api.Key, version, flexible: i % 2 == 0));
                    sent++;
                }
            }
        }

        sent.ShouldBeGreaterThan(500);
        await ServesAsync(broker);
        faults.Messages.ShouldBeEmpty();
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(sent * 400_000L, "a small frame must not cost much memory");
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(200 * 1024 * 1024)]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_frame_of_an_impossible_length_closes_the_connection(int length)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await RawClient.ConnectAsync(broker);
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        await client.SendBytesAsync(bytes);
        (await client.ReceiveAsync()).ShouldBeNull();
        await ServesAsync(broker);
    }

    [Fact]
    public async Task An_array_that_claims_more_than_the_frame_holds_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await RawClient.ConnectAsync(broker);
        await client.SendAsync([0, 3, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);
        (await client.ReceiveAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_client_from_the_future_is_told_what_is_served()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await RawClient.ConnectAsync(broker);
        await client.SendAsync([0, 18, 0, 99, 0, 0, 0, 42, 0xFF, 0xFF, 0]);
        var answer = (await client.ReceiveAsync()).ShouldNotBeNull();
        BinaryPrimitives.ReadInt32BigEndian(answer).ShouldBe(42);
        BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4)).ShouldBe((short)35);
        BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(6)).ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task A_batch_with_a_wrong_checksum_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        var batch = TestBatch.Of(("k", "v"));
        batch[^1] ^= 1;
        using var client = await RawClient.ConnectAsync(broker);
        await client.SendAsync(ProduceFrame("t", batch));
        var answer = (await client.ReceiveAsync()).ShouldNotBeNull();
        BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4 + 4 + 2 + 1 + 4 + 4)).ShouldBe((short)2);
    }

    [Fact]
    public async Task Answers_to_requests_sent_in_one_go_come_in_their_order()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await RawClient.ConnectAsync(broker);
        var all = new MemoryStream();
        for (byte i = 0; i < 100; i++)
            all.Write([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, i, 0xFF, 0xFF]);
        await client.SendBytesAsync(all.ToArray());
        for (var i = 0; i < 100; i++)
            BinaryPrimitives.ReadInt32BigEndian(await client.ReceiveAsync()).ShouldBe(i);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_idle_ones_make_room()
    {
        await using var broker = await TestBroker.StartAsync(with: options => options with { MaxConnections = 1, MaxIdle = TimeSpan.FromMilliseconds(300) });
        using var first = await RawClient.ConnectAsync(broker);
        await first.SendAsync([0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF]);
        (await first.ReceiveAsync()).ShouldNotBeNull();
        using var second = await RawClient.ConnectAsync(broker);
        (await second.ReceiveAsync()).ShouldBeNull("there was one already");
        (await first.ReceiveAsync()).ShouldBeNull("it was idle for too long");
        (await IsServedSoonAsync(broker)).ShouldBeTrue();
    }

    // The broker counts a connection until it has cleaned up after it, which the client may outrun.
    private static async Task<bool> IsServedSoonAsync(TestBroker broker)
    {
        for (var attempt = 0; attempt < 1_000; attempt++)
        {
            using var client = await RawClient.ConnectAsync(broker);
            await client.SendAsync([0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF]);
            if (await client.ReceiveAsync() is not null)
                return true;
        }

        return false;
    }

    private static byte[] ProduceFrame(string topic, byte[] batch)
    {
        var frame = new MemoryStream();
        frame.Write([0, 0, 0, 3, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0x27, 0x10, 0, 0, 0, 1, 0, (byte)topic.Length]);
        frame.Write(System.Text.Encoding.UTF8.GetBytes(topic));
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, batch.Length);
        frame.Write([0, 0, 0, 1, 0, 0, 0, 0, .. length, .. batch]);
        return frame.ToArray();
    }

    private static async Task ServesAsync(TestBroker broker)
    {
        using var producer = broker.Producer();
        await producer.ProduceAsync("healthy", new Message<string, string> { Key = "k", Value = "v" }, TestBroker.Ended);
        broker.ReadAll("healthy").ShouldNotBeEmpty();
    }
}
