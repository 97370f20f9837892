using System.Net;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Tests.Probe;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Tests.Errors;

/// <summary>gRPC with the error map and without the gate, so that a service of the tests can be called.</summary>
internal sealed class PlainServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private PlainServer(WebApplication app, LogRecords records)
    {
        _app = app;
        Records = records;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _channel = GrpcChannel.ForAddress(address);
    }

    public LogRecords Records { get; }

    public CallInvoker Invoker => _channel.CreateCallInvoker();

    public static async Task<PlainServer> StartAsync(Func<ServerCallContext, Task> handler)
    {
        var records = new LogRecords();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(records);
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2));
        builder.Services.AddSection<NodeOptions>(NodeOptions.Section).AddGrpcWithErrors().AddSingleton(handler);
        var app = builder.Build();
        app.MapGrpcService<ProbeService>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new PlainServer(app, records);
    }

    /// <summary>Waits until all handlers have ended.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        Records.Dispose();
    }
}
