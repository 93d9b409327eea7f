using System.Globalization;

namespace Commerce.Streaming.LocalProcess;

/// <summary>An account of the operating system, from /etc/passwd.</summary>
public sealed record OsAccount(string Name, int UserId, int GroupId)
{
    private const string Accounts = "/etc/passwd";
    private const int FieldsUsed = 4;

    public static OsAccount? Find(string name) =>
        File.Exists(Accounts)
            ? File.ReadLines(Accounts).Select(Parse).FirstOrDefault(account => account?.Name == name)
            : null;

    private static OsAccount? Parse(string line)
    {
        var fields = line.Split(':');
        return fields.Length >= FieldsUsed
            && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
            && int.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var group)
                ? new OsAccount(fields[0], user, group)
                : null;
    }
}
