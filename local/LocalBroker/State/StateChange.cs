using System.Text;

namespace Commerce.Streaming.LocalBroker.State;

/// <summary>Keys to set and to remove, together.</summary>
internal sealed class StateChange
{
    private readonly List<(string Key, byte[]? Value)> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    public IReadOnlyList<(string Key, byte[]? Value)> Entries => _entries;

    public StateChange Put(string key, byte[] value)
    {
        _entries.Add((key, value));
        return this;
    }

    public StateChange Remove(string key)
    {
        _entries.Add((key, null));
        return this;
    }

    public byte[] ToBytes()
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(_entries.Count);
        foreach (var (key, value) in _entries)
        {
            writer.Write(key);
            writer.Write(value?.Length ?? -1);
            if (value is not null)
                writer.Write(value);
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static void Read(byte[] bytes, Action<string, byte[]?> apply)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var key = reader.ReadString();
            var length = reader.ReadInt32();
            apply(key, length < 0 ? null : reader.ReadBytes(length));
        }
    }
}
