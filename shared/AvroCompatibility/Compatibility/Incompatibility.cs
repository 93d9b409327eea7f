namespace Commerce.Streaming.AvroCompatibility;

/// <summary>Why a reader cannot read; Java's <c>SchemaIncompatibilityType</c>.</summary>
public enum IncompatibilityType
{
    NameMismatch,
    FixedSizeMismatch,
    MissingEnumSymbols,
    ReaderFieldMissingDefaultValue,
    TypeMismatch,
    MissingUnionBranch,

    /// <summary>Name and aliases of a reader's field fit several fields of the writer. Java throws here, and Confluent refuses.</summary>
    AmbiguousReaderField,
}

/// <summary>One reason why data of the writer may fail to decode with the reader.</summary>
/// <param name="Path">JSON pointer into the reader's schema, as Java gives it: <c>/fields/0/type/items</c>.</param>
/// <param name="Type">The rule that is broken.</param>
/// <param name="Message">Java's short detail: the field's name, the missing symbols, the two types.</param>
public sealed record Incompatibility(string Path, IncompatibilityType Type, string Message)
{
    /// <summary>The field in words: <c>lines[].price</c>; empty when it is the schema itself.</summary>
    public string FieldPath { get; init; } = "";

    /// <summary>
    /// For a union that lacks a branch: why the branch of that name and type, which it does have, does not read. Java says no more
    /// than that the union lacks it; in a nullable record the field at fault is in here.
    /// </summary>
    public IReadOnlyList<Incompatibility> Causes { get; init; } = [];

    /// <summary>Java's spelling of <see cref="Type"/>, used by Confluent's messages.</summary>
    public string TypeName => Type switch
    {
        IncompatibilityType.NameMismatch => "NAME_MISMATCH",
        IncompatibilityType.FixedSizeMismatch => "FIXED_SIZE_MISMATCH",
        IncompatibilityType.MissingEnumSymbols => "MISSING_ENUM_SYMBOLS",
        IncompatibilityType.ReaderFieldMissingDefaultValue => "READER_FIELD_MISSING_DEFAULT_VALUE",
        IncompatibilityType.TypeMismatch => "TYPE_MISMATCH",
        IncompatibilityType.MissingUnionBranch => "MISSING_UNION_BRANCH",
        _ => "READER_FIELD_AMBIGUOUS",
    };

    /// <summary>A sentence for a person, with the names that the two schemas have for them ("new", "old").</summary>
    public string Describe(string reader, string writer) => Type switch
    {
        IncompatibilityType.NameMismatch => $"The name of the schema has changed (path '{Path}')",
        IncompatibilityType.FixedSizeMismatch =>
            $"The size of FIXED type field at path '{Path}' in the {reader} schema does not match with the {writer} schema",
        IncompatibilityType.MissingEnumSymbols =>
            $"The {reader} schema is missing enum symbols '{Message}' at path '{Path}' in the {writer} schema",
        IncompatibilityType.ReaderFieldMissingDefaultValue =>
            $"The field '{Message}' at path '{Path}' in the {reader} schema has no default value and is missing in the {writer} schema",
        IncompatibilityType.TypeMismatch =>
            $"The type (path '{Path}') of a field in the {reader} schema does not match with the {writer} schema",
        IncompatibilityType.AmbiguousReaderField =>
            $"The field at path '{Path}' in the {reader} schema matches several fields of the {writer} schema: {Message}",
        _ => $"The {reader} schema is missing a type inside a union field at path '{Path}' in the {writer} schema",
    };
}
