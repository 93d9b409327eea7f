using System.Security.Cryptography;
using CsCheck;

namespace Commerce.Streaming.Privacy.Tests;

public sealed class RawSealerTests
{
    private static readonly byte[] KeyA = [.. Enumerable.Repeat((byte)1, 32)];
    private static readonly byte[] KeyB = [.. Enumerable.Repeat((byte)2, 32)];

    [Fact]
    public void Open_gives_back_what_was_sealed() =>
        Gen.Byte.Array[0, 300].Sample(plain => new RawSealer(KeyA).Open(new RawSealer(KeyA).Seal(plain)).AsSpan().SequenceEqual(plain));

    [Fact]
    public void Any_altered_bit_is_noticed()
    {
        var sealer = new RawSealer(KeyA);
        var sealedBytes = sealer.Seal("payload"u8);
        for (var bit = 0; bit < sealedBytes.Length * 8; bit++)
        {
            var altered = sealedBytes.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<CryptographicException>(() => sealer.Open(altered));
        }
    }

    [Fact]
    public void The_same_bytes_never_look_the_same_twice() =>
        new RawSealer(KeyA).Seal("x"u8).ShouldNotBe(new RawSealer(KeyA).Seal("x"u8));

    [Fact]
    public void A_former_key_still_opens_and_an_unknown_one_is_named()
    {
        var old = new RawSealer(KeyA).Seal("x"u8);
        new RawSealer(KeyB, KeyA).Open(old).ShouldBe("x"u8.ToArray());
        Should.Throw<CryptographicException>(() => new RawSealer(KeyB).Open(old)).Message.ShouldContain("not configured");
    }

    [Fact]
    public void The_format_of_the_first_version_still_opens() =>
        new RawSealer(KeyA).Open(Convert.FromHexString("01dd439ace000102030405060708090a0bb9effa311739363f36d0cda18cab44d1ddcfe75554de701c8c198eab4e")).ShouldBe("first version"u8.ToArray());
}
