namespace Commerce.Streaming.LocalProcess;

/// <summary>The POSIX signals that stop or pause a process. The values are the same on every Linux architecture that .NET runs on.</summary>
public enum Signal
{
    Int = 2,
    Kill = 9,
    Term = 15,
}
