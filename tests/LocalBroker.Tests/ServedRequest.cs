using System.Buffers.Binary;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>A request type and its versions, as the broker announces them.</summary>
internal readonly record struct ServedRequest(short Key, short Min, short Max)
{
    public static async Task<List<ServedRequest>> AllAsync(TestBroker broker)
    {
        using var client = await RawClient.ConnectAsync(broker);
        await client.SendAsync([0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF]);
        var answer = (await client.ReceiveAsync())!;
        var served = new List<ServedRequest>();
        for (var at = 10; at < answer.Length; at += 6)
        {
            short Number(int from) => BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(at + from));
            served.Add(new ServedRequest(Number(0), Number(2), Number(4)));
        }

        return served;
    }
}
