using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Appliance.Bmc.Simulation;

/// <summary>The sockets of a simulated board for one life of its daemon.</summary>
internal sealed class BoardServer(WebApplication application, Connections connections) : IAsyncDisposable
{
    // Calls in flight when the daemon stops end with it.
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Where it listens now; the second is port 80's stand-in, where there is one.</summary>
    public IReadOnlyList<Uri> Addresses => [.. application.Urls.Select(url => new Uri(url))];

    /// <summary>Listens with TLS where a certificate is given, and without it at the other address.</summary>
    public static async Task<BoardServer> StartAsync(
        IPEndPoint listen,
        IPEndPoint? listenPlain,
        Func<X509Certificate2>? certificate,
        Connections connections,
        IBoardDaemon daemon,
        CancellationToken token)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(listen, endpoint =>
            {
                endpoint.Use(connections.Follow);
                if (certificate is not null)
                {
                    endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                    endpoint.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate());
                }
            });
            if (listenPlain is not null)
            {
                kestrel.Listen(listenPlain, endpoint => endpoint.Use(connections.Follow));
            }
        });
        var application = builder.Build();
        application.Run(daemon.HandleAsync);
        try
        {
            await application.StartAsync(token);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new BoardServer(application, connections);
    }

    /// <summary>Breaks every connection; new ones are taken.</summary>
    public void AbortConnections() => connections.AbortAll();

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopTime);
        await application.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connections.AbortAll();
        await application.DisposeAsync();
    }

    /// <summary>Signals of the process are for the host around the board.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
