namespace Commerce.Streaming.Processing;

/// <summary>Bytes from bytes; throws when it cannot.</summary>
public delegate byte[] SealingFunction(ReadOnlySpan<byte> bytes);

/// <summary>Keeps raw values of dead letters from other eyes.</summary>
/// <param name="Seal">Encrypts a raw value.</param>
/// <param name="Open">Decrypts what <paramref name="Seal"/> made, for a retry.</param>
public sealed record Sealing(SealingFunction Seal, SealingFunction Open);
