using System.IO.Pipelines;
using Appliance.Logger.Fanout.Embedded;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;

namespace Appliance.Logger.Tests.Fanout;

public sealed class MqttConnectionsTests : IAsyncDisposable, IDuplexPipe
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Pipe _pipe = new();
    private readonly DefaultConnectionContext _connection = new();
    private readonly MqttConnections _connections;
    private int _served;

    public MqttConnectionsTests()
    {
        _connections = new MqttConnections(_clock);
        _connection.Transport = this;
    }

    public PipeReader Input => _pipe.Reader;

    public PipeWriter Output => _pipe.Writer;

    [Fact]
    public async Task Who_comes_before_the_broker_runs_is_served_when_it_does()
    {
        var served = _connections.ServeAsync(_connection);
        Assert.False(served.IsCompleted);

        await StartAsync();
        await served;

        Assert.Equal(1, _served);
    }

    [Fact]
    public async Task A_broker_that_never_runs_is_waited_for_no_longer_than_10_s()
    {
        var served = _connections.ServeAsync(_connection);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(served.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await served;

        Assert.Equal(0, _served);
    }

    [Fact]
    public async Task Who_leaves_before_the_broker_runs_is_not_waited_for()
    {
        using var leave = new CancellationTokenSource();
        _connection.ConnectionClosed = leave.Token;
        var served = _connections.ServeAsync(_connection);

        await leave.CancelAsync();
        await served;

        Assert.Equal(0, _served);
    }

    [Fact]
    public async Task A_broker_that_stopped_serves_nobody()
    {
        await StartAsync();
        await _connections.StopAsync();

        await _connections.ServeAsync(_connection);

        Assert.Equal(0, _served);
    }

    public async ValueTask DisposeAsync()
    {
        _connections.Dispose();
        await _connection.DisposeAsync();
    }

    // As the broker does it: the handler first, then the start.
    private Task StartAsync()
    {
        _connections.ClientHandler = _ =>
        {
            _served++;
            return Task.CompletedTask;
        };
        return _connections.StartAsync(new MqttServerOptions(), MqttNetNullLogger.Instance);
    }
}
