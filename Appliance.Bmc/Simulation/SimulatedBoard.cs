using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Appliance.Bmc.Simulation;

/// <summary>A Turing Pi 2 board without the board: its daemon's API over hardware that is only remembered.</summary>
public sealed class SimulatedBoard : IAsyncDisposable
{
    // A daemon restart takes a moment; a reboot keeps the board dark for half a minute.
    private static readonly TimeSpan ReloadTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RebootTime = TimeSpan.FromSeconds(30);

    // The daemon answers first and then takes its bridge down.
    private static readonly TimeSpan NetworkDelay = TimeSpan.FromSeconds(1);

    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly BoardHardware _hardware;
    private readonly BoardAccount _account;
    private readonly Connections _connections;
    private readonly SemaphoreSlim _lifecycle = new(1);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2? _ownCertificate;
    private readonly HeldPort? _port;
    private readonly HeldPort? _plainPort;
    private volatile X509Certificate2? _certificate;
    private IPEndPoint _listen;
    private IPEndPoint? _listenPlain;
    private IBoardDaemon? _daemon;
    private BoardServer? _server;
    private Task _interruption = Task.CompletedTask;
    private int _disposed;

    private SimulatedBoard(SimulatorOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        if (options.Profile.Secure)
        {
            _ownCertificate = options.Certificate is null ? BoardCertificate.Create(clock, options.Faults.ExpiredCertificate) : null;
            _certificate = options.Certificate ?? _ownCertificate;
        }

        _hardware = new BoardHardware(options, clock);
        _account = new BoardAccount(options);
        _connections = new Connections(options.Faults);
        _port = HeldPort.Take(options.Listen);
        _listen = _port?.EndPoint ?? options.Listen;
        var plain = options.Profile.Secure ? options.ListenPlain : null;
        _plainPort = HeldPort.Take(plain);
        _listenPlain = _plainPort?.EndPoint ?? plain;
    }

    /// <summary>Where the API is, without its path.</summary>
    public Uri Address => new($"{(_options.Profile.Secure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{_listen}");

    /// <summary>Where the board's port 80 has its stand-in, if it has one.</summary>
    public Uri? PlainAddress => _listenPlain is null ? null : new($"{Uri.UriSchemeHttp}://{_listenPlain}");

    /// <summary>SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` says it but without colons; empty without TLS.</summary>
    public string Fingerprint => _certificate?.GetCertHashString(HashAlgorithmName.SHA256) ?? "";

    /// <summary>Which slots really have power, slot 1 in bit 0; the API only tells what was asked for.</summary>
    public byte PoweredSlots => _hardware.Rails;

    /// <summary>What goes wrong.</summary>
    public BoardFaults Faults => _options.Faults;

    /// <summary>How often the daemon was started anew.</summary>
    public int Restarts { get; private set; }

    internal BoardHardware Hardware => _hardware;

    internal IBoardDaemon Daemon => _daemon ?? throw new InvalidOperationException("The simulated board is between two lives of its daemon.");

    /// <summary>Builds a board and starts its daemon.</summary>
    public static async Task<SimulatedBoard> StartAsync(SimulatorOptions options, TimeProvider clock, CancellationToken token)
    {
        var board = new SimulatedBoard(options, clock);
        try
        {
            await board.StartDaemonAsync(token);
            if (options.Faults.RestartAfter is { } span)
            {
                board._interruption = board.RestartLaterAsync(span);
            }

            return board;
        }
        catch
        {
            await board.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the daemon, orderly or as the kernel does when memory is short, and starts it again.</summary>
    public Task RestartDaemonAsync(bool orderly, TimeSpan dark, CancellationToken token) =>
        RestartAsync(orderly ? Interruption.Reload : Interruption.Kill, dark, token);

    /// <summary>Restarts the BMC's whole system; before v2.5 the slots lose their power by that.</summary>
    public Task RebootAsync(TimeSpan dark, CancellationToken token) => RestartAsync(Interruption.Reboot, dark, token);

    /// <summary>What was written to a slot (1 to 4) last, or null.</summary>
    public WrittenImage? Content(int slot) => _hardware.Content(slot - 1);

    /// <summary>Spoils what is on a module: it runs on, but will not boot until it is flashed.</summary>
    public void DamageStorage(int slot) => _hardware.Damage(slot - 1);

    /// <summary>The module's kernel is dead: its console answers nothing until the slot is cut from power.</summary>
    public void Hang(int slot) => _hardware.Hang(slot - 1);

    /// <summary>Puts text on a slot's console, as its module would.</summary>
    public void WriteConsole(int slot, string text) => _hardware.Console(slot - 1).Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Another password of the board's user, from now on; sessions that are open stay so.</summary>
    public void ChangePassword(string password) => _account.ChangePassword(password);

    /// <summary>Another certificate for connections from now on, as after a factory reset. It stays the caller's.</summary>
    public void ChangeCertificate(X509Certificate2 certificate) => _certificate = certificate;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _end.CancelAsync();
        await _interruption.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopDaemonAsync();
        _hardware.Dispose();
        _end.Dispose();
        _lifecycle.Dispose();
        _ownCertificate?.Dispose();
        _port?.Dispose();
        _plainPort?.Dispose();
    }

    private async Task RestartAsync(Interruption interruption, TimeSpan dark, CancellationToken token)
    {
        await _lifecycle.WaitAsync(token);
        try
        {
            if (interruption == Interruption.Kill)
            {
                _connections.AbortAll();
            }

            await StopDaemonAsync();
            _hardware.EndDaemon(orderly: interruption != Interruption.Kill);
            if (interruption == Interruption.Reboot)
            {
                _hardware.Reboot();
            }

            await _hardware.PauseAsync(dark, token);
            await StartDaemonAsync(token);
            Restarts++;
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    private async Task StartDaemonAsync(CancellationToken token)
    {
        _hardware.Restore();
        _daemon = _options.Profile.Secure
            ? new BoardDaemon(_options, _hardware, _account, _clock, Interrupt)
            : new FirstDaemon(_hardware, _options.Profile, Interrupt);
        Func<X509Certificate2>? certificate = _options.Profile.Secure ? () => _certificate! : null;
        _server = await BoardServer.StartAsync(_listen, _listenPlain, certificate, _connections, _daemon, token);
        _listen = new IPEndPoint(_listen.Address, _server.Addresses[0].Port);
        _listenPlain = _listenPlain is null ? null : new IPEndPoint(_listenPlain.Address, _server.Addresses[1].Port);
    }

    private void Interrupt(Interruption interruption) => _interruption = InterruptSoonAsync(interruption);

    private async Task InterruptSoonAsync(Interruption interruption)
    {
        // Let the answer to the call that asked for it go out first.
        await Task.Yield();
        switch (interruption)
        {
            case Interruption.NetworkReset:
                await Task.Delay(NetworkDelay, _clock, _end.Token);
                _connections.AbortAll();
                break;
            case Interruption.Kill:
                await RestartAsync(interruption, _options.Faults.DeadTime, _end.Token);
                break;
            default:
                await RestartAsync(interruption, interruption == Interruption.Reboot ? RebootTime : ReloadTime, _end.Token);
                break;
        }
    }

    private async Task RestartLaterAsync(TimeSpan span)
    {
        await Task.Delay(span, _clock, _end.Token);
        await RestartAsync(Interruption.Reload, ReloadTime, _end.Token);
    }

    private async Task StopDaemonAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
            _daemon = null;
        }
    }
}
