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

    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly X509Certificate2 _certificate;
    private readonly BoardHardware _hardware;
    private readonly SemaphoreSlim _lifecycle = new(1);
    private readonly CancellationTokenSource _end = new();
    private IPEndPoint _listen;
    private BoardDaemon? _daemon;
    private WebApplication? _server;
    private Task _restart = Task.CompletedTask;
    private int _disposed;

    private SimulatedBoard(SimulatorOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _certificate = _options.Certificate ?? BoardCertificate.Create(_clock);
        _hardware = new BoardHardware(_options, _clock);
        _listen = _options.Listen;
    }

    /// <summary>Where the API is, without its path.</summary>
    public Uri Address => new($"https://{_listen}");

    /// <summary>SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` says it but without colons.</summary>
    public string Fingerprint => _certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Which slots really have power, slot 1 in bit 0; the API only tells what was asked for.</summary>
    public byte PoweredSlots => _hardware.Rails;

    /// <summary>How often the daemon was started anew.</summary>
    public int Restarts { get; private set; }

    internal BoardHardware Hardware => _hardware;

    internal BoardDaemon Daemon => _daemon ?? throw new InvalidOperationException("The simulated board is between two lives of its daemon.");

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
        await _lifecycle.WaitAsync(token);
        try
        {
            await StopDaemonAsync();
            _hardware.EndDaemon(orderly);
            await _hardware.PauseAsync(dark, token);
            await StartDaemonAsync(token);
            Restarts++;
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _end.CancelAsync();
        await _restart.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopDaemonAsync();
        _end.Dispose();
        _lifecycle.Dispose();
        if (_options.Certificate is null)
        {
            _certificate.Dispose();
        }
    }

    private async Task StartDaemonAsync(CancellationToken token)
    {
        _hardware.Restore();
        _daemon = new BoardDaemon(_options, _hardware, _clock, dark => _restart = RestartSoonAsync(dark));
        _server = Build(_daemon);
        await _server.StartAsync(token);
        _listen = new IPEndPoint(_listen.Address, new Uri(_server.Urls.First()).Port);
    }

    private async Task RestartSoonAsync(TimeSpan dark)
    {
        // Let the answer to the call that asked for it go out first.
        await Task.Yield();
        await RestartDaemonAsync(orderly: true, dark, _end.Token);
    }

    private async Task StopDaemonAsync()
    {
        if (_server is not null)
        {
            using var patience = new CancellationTokenSource(StopTime);
            await _server.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _server.DisposeAsync();
            _server = null;
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
            _daemon = null;
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
            kestrel.Listen(_listen, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                endpoint.UseHttps(_certificate);
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
