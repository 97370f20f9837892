using Appliance.Hosting.Clients;
using Microsoft.Extensions.Hosting;

namespace Appliance.Logger.Fanout;

/// <summary>Holds the connection to the broker and runs what tells over it, again and again.</summary>
internal sealed class FanoutService(
    IAlertBroker broker, OutboxTeller outbox, RetainedTeller retained, WatchLoop loop) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("mqtt broker", RunAsync, stoppingToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await broker.DisconnectAsync(cancellationToken);
    }

    private async Task RunAsync(CancellationToken token)
    {
        await broker.ConnectAsync(token);
        await RunUntilOneEndsAsync(
            token,
            broker.WaitForLossAsync,
            cancel => outbox.RunAsync(broker, cancel),
            cancel => retained.RunAsync(broker, cancel));
    }

    /// <summary>Ends all as soon as one ends, and throws what it threw.</summary>
    private static async Task RunUntilOneEndsAsync(CancellationToken token, params Func<CancellationToken, Task>[] parts)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task[] running = [.. parts.Select(part => part(rest.Token))];
        var first = await Task.WhenAny(running);
        await rest.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }
}
