using System.Net;
using System.Net.Sockets;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>A wire between the Logger and a broker that can be cut, as when the Logger's node loses power.</summary>
internal sealed class CutOffProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _cut = new();
    private readonly Task _running;

    public CutOffProxy(int port)
    {
        _listener.Start();
        _running = RunAsync(port);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends the connection and takes no other.</summary>
    public void Cut() => _cut.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _cut.Dispose();
    }

    private async Task RunAsync(int port)
    {
        using var inner = await _listener.AcceptTcpClientAsync(_cut.Token);
        _listener.Stop();
        using var outer = new TcpClient();
        await outer.ConnectAsync(IPAddress.Loopback, port, _cut.Token);
        await Task.WhenAny(
            inner.GetStream().CopyToAsync(outer.GetStream(), _cut.Token),
            outer.GetStream().CopyToAsync(inner.GetStream(), _cut.Token));
    }
}
