using Commerce.Streaming.Cli.CommandLine;
using Commerce.Streaming.OnlineRetail;
using Spectre.Console;

namespace Commerce.Streaming.Cli.Commands.Replay;

/// <summary>Reads the data set, with errors for people.</summary>
internal static class RetailInput
{
    /// <exception cref="CliException">The file is not there or cannot be read as this data set.</exception>
    public static T Read<T>(string path, Func<string, T> read)
    {
        if (!File.Exists(path))
            throw new CliException($"There is no file {path}.", ExitCodes.Usage);
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{path} cannot be read as the Online Retail data set: {e.Message}");
        }
    }

    public static RetailPlan Plan(string path, RetailOptions options)
    {
        Screen.Error.WriteLine($"Reading {path}");
        return RetailPlan.For(Read(path, RetailFile.Read), options);
    }
}
