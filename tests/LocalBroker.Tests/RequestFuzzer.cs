using System.Buffers.Binary;

namespace Commerce.Streaming.LocalBroker.Tests;

/// <summary>Bodies that look enough like requests to get past the first fields: small numbers, short strings, lengths that may lie.</summary>
internal sealed class RequestFuzzer(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A frame of the given type and version: a right header and a body of plausible or wild fields.</summary>
    public byte[] Frame(short key, short version, bool flexible)
    {
        var frame = new MemoryStream();
        frame.Write([(byte)(key >> 8), (byte)key, (byte)(version >> 8), (byte)version, 0, 0, 0, 7, 0, 4, .. "fuzz"u8]);
        if (flexible)
            frame.WriteByte(0);
        for (var fields = _random.Next(1, 40); fields > 0; fields--)
            WriteField(frame, flexible);
        return frame.ToArray();
    }

    private void WriteField(MemoryStream frame, bool flexible)
    {
        Span<byte> number = stackalloc byte[8];
        switch (_random.Next(8))
        {
            case 0:
                frame.WriteByte((byte)_random.Next(4));
                break;
            case 1:
                BinaryPrimitives.WriteInt16BigEndian(number, (short)_random.Next(-1, 6));
                frame.Write(number[..2]);
                break;
            case 2:
                BinaryPrimitives.WriteInt32BigEndian(number, _random.Next(-2, 6));
                frame.Write(number[..4]);
                break;
            case 3:
                BinaryPrimitives.WriteInt64BigEndian(number, _random.Next(-2, 1_000));
                frame.Write(number);
                break;
            case 4 or 5:
                WriteString(frame, flexible);
                break;
            case 6:
                frame.Write([0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
                break;
            default:
                var wild = new byte[_random.Next(1, 30)];
                _random.NextBytes(wild);
                frame.Write(wild);
                break;
        }
    }

    private void WriteString(MemoryStream frame, bool flexible)
    {
        var length = _random.Next(0, 12);
        if (flexible)
            frame.WriteByte((byte)(length + 1));
        else
            frame.Write([0, (byte)length]);
        for (var i = 0; i < length; i++)
            frame.WriteByte((byte)_random.Next('a', 'e'));
    }
}
