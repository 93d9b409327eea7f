using Commerce.Streaming.Processing.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Commerce.Streaming.Processing;

/// <summary>Registration of topologies.</summary>
public static class TopologyServices
{
    /// <summary>
    /// Runs a topology in this process: a hosted service with a thread, a consumer and a transactional producer of its own, and two health
    /// checks, <c>{name}</c> (ready) and <c>{name}.loop</c> (tag <c>live</c>). Addresses come from the sections Kafka, SchemaRegistry and,
    /// for views, Redis; limits from <see cref="ProcessingOptions"/>. When it fails for good the hosted service faults, which stops the host.
    /// </summary>
    /// <exception cref="TopologyException">The topology is not valid.</exception>
    public static IServiceCollection AddTopology(this IServiceCollection services, Topology topology)
    {
        TopologyValidation.ThrowIfInvalid(topology);
        return services.AddTopology(topology.Name, _ => topology);
    }

    /// <summary>As <see cref="AddTopology(IServiceCollection, Topology)"/>, for a topology that needs services, such as a sealing key.</summary>
    public static IServiceCollection AddTopology(this IServiceCollection services, string name, Func<IServiceProvider, Topology> build)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ProcessingOptions>(name)
            .Configure<IConfiguration>((options, configuration) =>
            {
                configuration.GetSection(ProcessingOptions.Section).Bind(options);
                configuration.GetSection(ProcessingOptions.Section + ":Topologies:" + name).Bind(options);
            })
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddKeyedSingleton(name, (provider, _) => new TopologyStatus(name, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService>(provider => new TopologyHost(
            build(provider), OptionsOf(provider, name), provider.GetRequiredKeyedService<TopologyStatus>(name), provider));
        services.AddHealthChecks()
            .Add(new HealthCheckRegistration(
                name, provider => new TopologyReadiness(provider.GetRequiredKeyedService<TopologyStatus>(name)), HealthStatus.Unhealthy, tags: null))
            .Add(new HealthCheckRegistration(
                name + ".loop",
                provider => new TopologyLiveness(provider.GetRequiredKeyedService<TopologyStatus>(name), OptionsOf(provider, name).StuckAfter),
                HealthStatus.Unhealthy,
                [TopologyLiveness.Tag]));
        return services;
    }

    private static ProcessingOptions OptionsOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<ProcessingOptions>>().Get(name);
}
