using Appliance.Hosting;

namespace Appliance;

/// <summary>The roles that run in this process: started in order, stopped together.</summary>
internal sealed class RoleHosts(Action<IConfigurationManager> configure, LogLevel logLevel) : IAsyncDisposable
{
    /// <summary>A role that hangs may not keep the others from stopping in order.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SignalGrace = TimeSpan.FromSeconds(1);

    private readonly List<(Role Role, WebApplication Host)> _running = [];

    /// <summary>What a role finds registered before it registers its own.</summary>
    public Action<IServiceCollection> Add { get; init; } = _ => { };

    public IServiceProvider Services(Role role) => _running.Single(entry => entry.Role == role).Host.Services;

    public async Task StartAsync(Role role, CancellationToken token)
    {
        var host = RoleHost.Build(role, configure, Add, logLevel);
        _running.Add((role, host));
        await host.StartAsync(token);
    }

    /// <summary>Ends when the token is cancelled or a role stops by itself.</summary>
    public async Task WaitAsync(CancellationToken token)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(
            [token, .. _running.Select(entry => entry.Host.Lifetime.ApplicationStopping)]);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = any.Token.Register(ended.SetResult);
        await ended.Task;
        // A signal reaches the hosts' own lifetimes too, and may reach them first: it is still a signal.
        await Task.WhenAny(Task.Delay(SignalGrace, TimeProvider.System, token));
    }

    public async ValueTask DisposeAsync()
    {
        // At once: a role that stopped before the one that watches it would only be reported as lost.
        await Task.WhenAll(_running.Select(entry => StopAsync(entry.Role, entry.Host)));
    }

    private static async Task StopAsync(Role role, WebApplication host)
    {
        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await host.StopAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"The {role} did not stop within {StopDeadline.TotalSeconds} s and is left behind.");
        }

        await host.DisposeAsync();
    }
}
