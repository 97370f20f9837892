using Appliance.Hosting.Audit;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Appliance.Hosting.Metrics;
using Appliance.Hosting.Power;
using Appliance.Hosting.Sensors;
using Appliance.Hosting.Updates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Hosting;

/// <summary>What every role's host has, whatever the role is.</summary>
public static class NodeRole
{
    /// <summary>The sections that every role binds.</summary>
    public static IReadOnlyList<OptionsSection> Sections { get; } =
    [
        new(NodeOptions.Section, typeof(NodeOptions)),
        new(PeerOptions.Section, typeof(PeerOptions)),
    ];

    public static WebApplicationBuilder AddNode(this WebApplicationBuilder builder, Role role)
    {
        var running = new RunningRole(role);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services
            .AddSingleton(running)
            .AddNodeOptions(builder.Configuration)
            .AddIdentity()
            .AddListeners()
            .AddAuthorizationGate()
            .AddGrpcWithErrors()
            .AddEvents()
            .AddAudit()
            .AddHealth()
            .AddPower()
            .AddUpdates()
            .AddSensors()
            .AddRoleMetrics(running)
            .AddClients()
            .AddEnrollment(running);
        return builder;
    }

    /// <summary>Checks the configuration and the node's certificate, then maps what every role answers; the role's own services follow.</summary>
    public static WebApplication MapNode(this WebApplication app)
    {
        app.Services.GetRequiredService<ConfigurationCheck>().Validate();
        app.Services.GetRequiredService<NodeCredentials>().Require();
        app.UseRouting();
        app.UseMiddleware<MethodGate>();
        app.UseMiddleware<ListenerBoundary>();
        app.UseMiddleware<StoppingStreams>();
        app.MapRoleService<NodeGrpcService>();
        app.MapRoleService<HealthGrpcService>();
        app.MapRoleService<MetricsGrpcService>();
        app.MapGrpcReflectionService().On(Listener.Grpc);
        app.MapPrometheusScrapingEndpoint().On(Listener.Metrics);
        return app;
    }

    /// <summary>Maps a gRPC service, answered on the role's gRPC listener only.</summary>
    public static void MapRoleService<TService>(this WebApplication app)
        where TService : class => app.MapGrpcService<TService>().On(Listener.Grpc);
}
