namespace Commerce.Streaming.LocalPostgres;

/// <summary>Roles and schema of the local platform.</summary>
public static class PostgresNames
{
    public const string Admin = "postgres";
    public const string Owner = "commerce";
    public const string Reporting = "commerce_reporting";
    public const string Schema = "warehouse";
}
