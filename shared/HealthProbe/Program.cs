using System.Globalization;
using System.Net.Sockets;
using System.Text;

// HealthProbe PORT [PATH]: exit code 0 when the port on this machine accepts a connection and, with a path, answers it with 200.
// Raw HTTP over a socket: HttpClient alone would triple the start time of a process that runs every few seconds.
const int TimeoutMs = 2_000;
const string Good = " 200 ";

if (args.Length is < 1 or > 2 || !ushort.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
{
    Console.Error.WriteLine("usage: HealthProbe PORT [PATH]");
    return 2;
}

try
{
    using var client = new TcpClient { SendTimeout = TimeoutMs, ReceiveTimeout = TimeoutMs };
    client.Connect("127.0.0.1", port);
    if (args.Length == 1)
        return 0;
    using var stream = client.GetStream();
    stream.Write(Encoding.ASCII.GetBytes($"GET {args[1]} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    using var reader = new StreamReader(stream, Encoding.UTF8);
    var answer = reader.ReadToEnd();
    var status = answer.AsSpan(0, Math.Max(0, answer.IndexOf('\r', StringComparison.Ordinal)));
    if (status.Contains(Good, StringComparison.Ordinal))
        return 0;
    Console.Error.WriteLine(answer);
}
catch (Exception failure) when (failure is SocketException or IOException)
{
    Console.Error.WriteLine(failure.Message);
}

return 1;
