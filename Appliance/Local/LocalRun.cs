using System.Text.Json;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Appliance.Logger.Fanout;
using Appliance.Router.Capture;

namespace Appliance.Local;

/// <summary>`./run`: all four roles in this process, and beside them an operator and a subscriber that use the site as people do.</summary>
internal sealed class LocalRun(LocalRunRequest request, TimeProvider clock)
{
    public async Task<int> RunAsync(CancellationToken token)
    {
        var started = clock.GetTimestamp();
        var site = new LocalSite(request.Folder, clock);
        site.Prepare();
        // The file waits until all are there, so that its first packet has its audience.
        var start = new CaptureStart();
        await using var hosts = new RoleHosts(
            sources => sources.UseOnly(LocalConfiguration.Of(request, site)),
            // What matters is told as it happens; the roles need only speak up when something is wrong.
            LogLevel.Warning)
        {
            Add = services => services.AddSingleton(start),
        };
        // The Logger last: whoever sees its dashboard takes the site for started.
        foreach (var role in (Role[])[Role.Bmc, Role.Detector, Role.Router, Role.Logger])
        {
            await hosts.StartAsync(role, token);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        using var router = Open(site, Role.Router);
        using var detector = Open(site, Role.Detector);
        await using var subscriber = await SubscribeAsync(site, stop.Token);
        var watch = new SiteWatch(router.Calls, detector.Calls, Console.Error);
        await watch.SkipOldAsync(token);
        start.Begin();
        Task[] watches = [KeepAsync(watch.WatchAlertsAsync, stop.Token), KeepAsync(watch.WatchBlocksAsync, stop.Token)];
        await Banner.WriteAsync(Console.Error, request, site);

        var code = request.ExitAfterReplay
            ? await FinishAsync(new ReplayEnd(hosts, watch, subscriber, clock), started, token)
            : await UntilStoppedAsync(hosts, token);
        await stop.CancelAsync();
        await Task.WhenAll(watches);
        return code;
    }

    private static async Task<int> UntilStoppedAsync(RoleHosts hosts, CancellationToken token)
    {
        await hosts.WaitAsync(token);
        return token.IsCancellationRequested ? CommandLine.Done : CommandLine.Failed;
    }

    private async Task<int> FinishAsync(ReplayEnd end, long started, CancellationToken token)
    {
        await end.WaitAsync(token);
        var summary = end.Summarize(clock.GetElapsedTime(started).TotalSeconds);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(summary, ReplaySummaryJson.Default.ReplaySummary));
        if (end.Fault is not { } fault)
        {
            return CommandLine.Done;
        }

        await Console.Error.WriteLineAsync(fault);
        return CommandLine.Failed;
    }

    private static PersonChannel Open(LocalSite site, Role role)
        => PersonChannel.Open(site.Pki, "operator", new Uri($"https://localhost:{RolePorts.Grpc(role)}"), role);

    private static Task<AlertSubscriber> SubscribeAsync(LocalSite site, CancellationToken token)
        => AlertSubscriber.ConnectAsync(
            "localhost", PkiFiles.Certificate(site.Pki, PkiFiles.Authority), PkiFiles.Certificate(site.Pki, "subscriber"), PkiFiles.Key(site.Pki, "subscriber"), LocalSite.Name, token);

    /// <summary>Starts a broken stream again until the run ends.</summary>
    private async Task KeepAsync(Func<CancellationToken, Task> watch, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            try
            {
                await watch(token);
            }
            catch (Exception error) when (error is Grpc.Core.RpcException or OperationCanceledException)
            {
                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(200), clock, token));
            }
        }
    }
}
