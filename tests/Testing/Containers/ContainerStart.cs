using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Xunit;

namespace Commerce.Streaming.Testing.Containers;

/// <summary>Starts containers, and says in plain words why one cannot be had.</summary>
internal static class ContainerStart
{
    /// <summary>Longest a container may take to be ready, its image's download included.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="build">Builds the container; without a Docker engine already this fails.</param>
    /// <exception cref="InvalidOperationException">There is no Docker engine, or it cannot start the image.</exception>
    public static async Task<T> RunAsync<T>(string image, Func<T> build) where T : IContainer
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var container = build();
            await container.StartAsync(patience.Token);
            return container;
        }
        catch (DockerUnavailableException absent)
        {
            throw new InvalidOperationException(
                $"{TestEnvironment.BackendsVariable}=containers needs a Docker engine, and none answers. Start Docker or point DOCKER_HOST "
                + $"at an engine; without {TestEnvironment.BackendsVariable} the tests run on servers of this repository.", absent);
        }
        catch (OperationCanceledException late) when (patience.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{image} was not ready after {Patience.TotalMinutes} minutes.", late);
        }
    }

    /// <summary>Says what a run does not show, where whoever runs the tests can read it.</summary>
    public static void Tell(string message)
    {
        TestContext.Current.SendDiagnosticMessage(message);
        Console.Error.WriteLine(message);
    }
}
