namespace Commerce.Streaming.AvroCompatibility;

/// <summary>A text is not a valid Avro schema; the message says which rule it breaks.</summary>
public sealed class AvroSchemaException : Exception
{
    public AvroSchemaException(string message)
        : base(message) { }

    public AvroSchemaException(string message, Exception inner)
        : base(message, inner) { }
}
