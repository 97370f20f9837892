using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Bmc.Tests;

/// <summary>A board that logs anyone in and hangs up on every other request once it has read it.</summary>
internal sealed class HangingBoard : IAsyncDisposable
{
    private const string Session = """{"id":"T0ken"}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = BoardCertificate.CreateQuickly(TimeProvider.System);
    private readonly CancellationTokenSource _end = new();
    private readonly bool _reset;
    private readonly BoardSession _session;
    private readonly Task _serving;
    private int _requests;

    private HangingBoard(bool reset)
    {
        _reset = reset;
        _listener.Start();
        _serving = ServeAsync();
        var target = new BoardTarget(new BoardEndpoint(
            new Uri($"https://{_listener.LocalEndpoint}"),
            _certificate.GetCertHashString(HashAlgorithmName.SHA256),
            BoardCredential.Known("root", "turing"),
            Simulated: false) { AllowDefaultPassword = true });
        _session = new BoardSession(target, new BoardNotices(new HealthBoard(TimeProvider.System), new EventLog(TimeProvider.System)), TimeProvider.System, NullLogger<BoardSession>.Instance);
        Client = new TuringPiBoard(_session);
    }

    public TuringPiBoard Client { get; }

    /// <summary>Requests that it hung up on.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Ends connections by a reset, or else by an orderly end.</summary>
    public static HangingBoard Start(bool reset) => new(reset);

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _end.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _certificate.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_end.Token);
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
            while (await ReadAsync(stream) is { Length: > 0 } request)
            {
                if (!request.StartsWith("POST /api/bmc/authenticate", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _requests);
                    client.LingerState = new LingerOption(_reset, 0);
                    break;
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Session.Length}\r\n\r\n{Session}"), _end.Token);
            }
        }
    }

    /// <summary>A request whole, by its length; empty when the client has left.</summary>
    private async Task<string> ReadAsync(SslStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, _end.Token);
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            var request = text.ToString();
            var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var length = request.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
            if (count == 0 || (head >= 0 && request.Length >= head + 4 + int.Parse(length?[16..] ?? "0", System.Globalization.CultureInfo.InvariantCulture)))
            {
                return count == 0 ? "" : request;
            }
        }
    }
}
