using System.Globalization;
using System.Text;
using Commerce.Streaming.LocalBroker.Storage;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>The version of the files in a data folder, so that another version of the broker does not misread them.</summary>
internal static class DataFormat
{
    private const int Version = 1;
    private const string FileName = "format";

    /// <summary>Notes the version in a new folder; throws <see cref="IOException"/> for a folder of another version.</summary>
    public static void Check(string directory)
    {
        var path = Path.Combine(directory, FileName);
        var isNew = !Directory.Exists(Path.Combine(directory, "topics"));
        var found = File.Exists(path) ? File.ReadAllText(path).Trim() : isNew ? null : "none";
        var wanted = Version.ToString(CultureInfo.InvariantCulture);
        if (found is null)
            AtomicFile.Write(path, Encoding.ASCII.GetBytes(wanted));
        else if (found != wanted)
            throw new IOException(
                $"{directory} was written by another version of the broker (format {found}, not {wanted}): choose another folder, or delete it.");
    }
}
