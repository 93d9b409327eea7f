using System.Security.Cryptography;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>Passwords of the superuser, of the role that owns the tables, and of the role that reads them.</summary>
public sealed record PostgresPasswords(string Admin, string Owner, string Reporting)
{
    private const int Length = 32;
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static PostgresPasswords Generate() => new(One(), One(), One());

    private static string One() => RandomNumberGenerator.GetString(Alphabet, Length);
}
