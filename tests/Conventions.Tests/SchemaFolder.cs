namespace Commerce.Streaming.Conventions.Tests;

/// <summary>A folder of made-up schemas.</summary>
internal sealed class SchemaFolder : IDisposable
{
    public SchemaFolder() => Directory.CreateDirectory(System.IO.Path.Combine(Path, "types"));

    public string Path { get; } = Directory.CreateTempSubdirectory("commerce-schemas-").FullName;

    public void Write(string file, string schema)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, schema);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
