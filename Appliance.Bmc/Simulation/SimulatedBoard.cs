using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Appliance.Bmc.Simulation;

/// <summary>A Turing Pi 2 board without the board: its daemon's HTTPS API over hardware that is only remembered.</summary>
public sealed class SimulatedBoard : IAsyncDisposable
{
    // Calls in flight when the daemon is killed end with it.
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(500);

    private readonly SimulatorOptions options;
    private readonly TimeProvider clock;
    private readonly X509Certificate2 certificate;
    private readonly BoardHardware hardware;
    private readonly SemaphoreSlim lifecycle = new(1);
    private readonly CancellationTokenSource end = new();
    private IPEndPoint listen;
    private BoardDaemon? daemon;
    private WebApplication? server;
    private Task restart = Task.CompletedTask;

    private SimulatedBoard(SimulatorOptions options, TimeProvider clock)
    {
        this.options = options;
        this.clock = clock;
        certificate = options.Certificate ?? BoardCertificate.Create(clock);
        hardware = new BoardHardware(options, clock);
        listen = options.Listen;
    }

    /// <summary>Where the API is, without its path.</summary>
    public Uri Address => new($"https://{listen}");

    /// <summary>SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` says it but without colons.</summary>
    public string Fingerprint => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Which slots really have power, slot 1 in bit 0; the API only tells what was asked for.</summary>
    public byte PoweredSlots => hardware.Rails;

    internal BoardHardware Hardware => hardware;

    internal BoardDaemon Daemon => daemon ?? throw new InvalidOperationException("The simulated board is between two lives of its daemon.");

    /// <summary>Builds a board and starts its daemon.</summary>
    public static async Task<SimulatedBoard> StartAsync(SimulatorOptions options, TimeProvider clock, CancellationToken token)
    {
        var board = new SimulatedBoard(options, clock);
        try
        {
            await board.StartDaemonAsync(token);
            return board;
        }
        catch
        {
            await board.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the daemon, orderly or as the kernel does when memory is short, and starts it again.</summary>
    public async Task RestartDaemonAsync(bool orderly, TimeSpan dark, CancellationToken token)
    {
        await lifecycle.WaitAsync(token);
        try
        {
            await StopDaemonAsync();
            hardware.EndDaemon(orderly);
            await hardware.PauseAsync(dark, token);
            await StartDaemonAsync(token);
        }
        finally
        {
            lifecycle.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await restart.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopDaemonAsync();
        end.Dispose();
        lifecycle.Dispose();
        if (options.Certificate is null)
        {
            certificate.Dispose();
        }
    }

    private async Task StartDaemonAsync(CancellationToken token)
    {
        hardware.Restore();
        daemon = new BoardDaemon(options, hardware, clock, dark => restart = RestartSoonAsync(dark));
        server = Build(daemon);
        await server.StartAsync(token);
        listen = new IPEndPoint(listen.Address, new Uri(server.Urls.First()).Port);
    }

    private async Task RestartSoonAsync(TimeSpan dark)
    {
        // Let the answer to the call that asked for it go out first.
        await Task.Yield();
        await RestartDaemonAsync(orderly: true, dark, end.Token);
    }

    private async Task StopDaemonAsync()
    {
        if (server is not null)
        {
            using var patience = new CancellationTokenSource(StopTime);
            await server.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await server.DisposeAsync();
            server = null;
        }

        if (daemon is not null)
        {
            await daemon.DisposeAsync();
            daemon = null;
        }
    }

    private WebApplication Build(BoardDaemon answering)
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
                endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                endpoint.UseHttps(certificate);
            });
        });
        var app = builder.Build();
        app.Run(answering.HandleAsync);
        return app;
    }

    /// <summary>Signals of the process are for the host around the board.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
