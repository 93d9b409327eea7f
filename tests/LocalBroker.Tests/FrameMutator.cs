using System.Buffers.Binary;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>Damages real requests a little, so that most of their parsing still succeeds: the same seed damages alike.</summary>
internal sealed class FrameMutator(int seed)
{
    /// <summary>Request type, version and correlation id stay, or all would be refused at the door.</summary>
    private const int Kept = 8;

    private static readonly byte[][] Extremes =
    [
        [0x7F, 0xFF, 0xFF, 0xFF],
        [0x80, 0x00, 0x00, 0x00],
        [0xFF, 0xFF, 0xFF, 0xFF],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0x00, 0x01, 0x86, 0xA0],
        [0x00, 0x00],
    ];

    private readonly Random _random = new(seed);

    public byte[] Damage(byte[] frame, byte[] other)
    {
        var bytes = (byte[])frame.Clone();
        for (var times = _random.Next(1, 4); times > 0; times--)
            bytes = Once(bytes, other);
        return bytes;
    }

    private byte[] Once(byte[] bytes, byte[] other)
    {
        if (bytes.Length <= Kept + 1)
            return bytes;
        var at = _random.Next(Kept, bytes.Length);
        switch (_random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                var extreme = Extremes[_random.Next(Extremes.Length)];
                extreme.AsSpan(0, Math.Min(extreme.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 4:
                return [.. bytes[..at], .. bytes[Math.Max(Kept, at - _random.Next(1, 20))..]];
            case 5:
                return [.. bytes[..at], .. other[Math.Min(other.Length, at)..]];
            default:
                BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2), (short)_random.Next(0, 15));
                return bytes;
        }
    }
}
