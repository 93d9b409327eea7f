using System.Globalization;
using Npgsql;

namespace Commerce.Streaming.LocalPostgres;

/// <summary>A libpq URL, `postgresql://user:password@host:port/database?sslmode=require&amp;options=…`, and the same for Npgsql.</summary>
public sealed record PostgresUrl(string User, string? Password, string Host, int Port, string Database)
{
    private const int DefaultPort = 5432;

    /// <summary>The query as given, with `?`; sslmode, sslrootcert, sslcert, sslkey, options and application_name are understood.</summary>
    public string Query { get; init; } = "";

    /// <exception cref="FormatException">It is no such URL; the message says what is expected.</exception>
    public static PostgresUrl Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgresql" or "postgres"))
            throw new FormatException("Expected a URL like postgresql://user:password@host:5432/database.");
        var user = uri.UserInfo.Split(':', 2);
        var url = new PostgresUrl(
            Uri.UnescapeDataString(user[0]),
            user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            uri.Host,
            uri.Port < 0 ? DefaultPort : uri.Port,
            Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')) is { Length: > 0 } database ? database : Uri.UnescapeDataString(user[0]))
        { Query = uri.Query };
        _ = url.ToConnectionString();
        return url;
    }

    public string ToConnectionString()
    {
        var builder = new NpgsqlConnectionStringBuilder { Host = Host, Port = Port, Username = User, Password = Password, Database = Database, GssEncryptionMode = GssEncryptionMode.Disable };
        foreach (var pair in Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            Apply(builder, pair.Split('=', 2));
        return builder.ConnectionString;
    }

    public override string ToString()
    {
        var password = Password is null ? "" : ":" + Uri.EscapeDataString(Password);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"postgresql://{Uri.EscapeDataString(User)}{password}@{Host}:{Port}/{Uri.EscapeDataString(Database)}{Query}");
    }

    private static void Apply(NpgsqlConnectionStringBuilder builder, string[] pair)
    {
        var value = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
        switch (pair[0])
        {
            case "sslmode":
                builder.SslMode = Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode)
                    ? mode : throw new FormatException($"sslmode is '{value}': expected disable, allow, prefer, require, verify-ca or verify-full.");
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            case "sslcert":
                builder.SslCertificate = value;
                break;
            case "sslkey":
                builder.SslKey = value;
                break;
            case "options":
                builder.Options = value;
                break;
            case "application_name":
                builder.ApplicationName = value;
                break;
        }
    }
}
