using System.Buffers.Binary;
using Commerce.Streaming.LocalBroker.Storage;
using Microsoft.Win32.SafeHandles;

namespace Commerce.Streaming.LocalBroker.State;

/// <summary>A file of records, each with its length and checksum; a torn end is cut off when it is opened.</summary>
internal sealed class StateJournal : IDisposable
{
    private const int HeadSize = 8;

    private readonly SafeFileHandle _file;

    private StateJournal(SafeFileHandle file) => _file = file;

    public long Length { get; private set; }

    public static StateJournal Open(string path, Action<string, byte[]?> apply)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var journal = new StateJournal(file);
        while (journal.ReadNext() is { } record)
        {
            StateChange.Read(record, apply);
            journal.Length += HeadSize + record.Length;
        }

        RandomAccess.SetLength(file, journal.Length);
        return journal;
    }

    public void Append(byte[] record)
    {
        var bytes = new byte[HeadSize + record.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Crc32C.Compute(record));
        record.CopyTo(bytes, HeadSize);
        RandomAccess.Write(_file, bytes, Length);
        Length += bytes.Length;
    }

    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();

    private byte[]? ReadNext()
    {
        Span<byte> head = stackalloc byte[HeadSize];
        if (RandomAccess.Read(_file, head, Length) < HeadSize)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length <= 0 || length > RandomAccess.GetLength(_file) - Length - HeadSize)
            return null;
        var record = new byte[length];
        if (RandomAccess.Read(_file, record, Length + HeadSize) < length)
            return null;
        return Crc32C.Compute(record) == BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) ? record : null;
    }
}
