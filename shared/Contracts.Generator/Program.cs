using Commerce.Streaming.AvroCompatibility;
using Commerce.Streaming.Contracts.Generator;

if (args is not [var schemasFolder, var outputFolder])
{
    Console.Error.WriteLine("usage: Commerce.Streaming.Contracts.Generator SCHEMAS-FOLDER OUTPUT-FOLDER");
    Console.Error.WriteLine("       Commerce.Streaming.Contracts.Generator SCHEMAS-FOLDER publish     records the schemas as published");
    return 2;
}

try
{
    var schemas = SchemaSet.Load(schemasFolder);
    var faults = SchemaEvolution.Check(schemasFolder, schemas);
    foreach (var fault in faults)
        Console.Error.WriteLine($"{schemasFolder} : error CONTRACT002: {fault}");
    if (faults.Count > 0)
        return 1;
    if (outputFolder == "publish")
    {
        foreach (var file in SchemaEvolution.Publish(schemasFolder, schemas))
            Console.WriteLine(file);
        return 0;
    }
    Directory.CreateDirectory(outputFolder);
    var catalogue = Path.Combine(schemasFolder, "topics.json");
    var written = new HashSet<string>(StringComparer.Ordinal);
    foreach (var name in schemas.Named.Keys)
        Write(name + ".g.cs", TypeWriter.Write(name, schemas));
    // A folder of schemas alone has no catalogue.
    if (File.Exists(catalogue))
        Write("Topics.g.cs", TopicsWriter.Write(File.ReadAllText(catalogue), schemas));
    foreach (var stale in Directory.GetFiles(outputFolder, "*.g.cs").Where(file => !written.Contains(Path.GetFileName(file))))
        File.Delete(stale);
    return 0;

    void Write(string file, string text)
    {
        written.Add(file);
        var path = Path.Combine(outputFolder, file);
        // An unchanged file keeps its time, so that the compiler is not run for nothing.
        if (!File.Exists(path) || File.ReadAllText(path) != text) File.WriteAllText(path, text);
    }
}
catch (Exception error) when (error is InvalidDataException or System.Text.Json.JsonException or Avro.SchemaParseException or AvroSchemaException)
{
    // The form that MSBuild shows as a build error.
    Console.Error.WriteLine($"{schemasFolder} : error CONTRACT001: {error.Message}");
    return 1;
}
