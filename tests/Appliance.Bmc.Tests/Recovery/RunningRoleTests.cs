using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Bmc.Tests.Recovery;

[Trait("Category", "Slow")]
public sealed class RunningRoleTests
{
    /// <summary>With its shortest patience, and over real mutual TLS: the Bmc role sees a Logger fail, and asks it to restart.</summary>
    [Fact]
    public async Task Role_that_says_that_it_failed_is_asked_to_restart_and_both_audits_say_why()
    {
        await using var site = new TestSite();
        var logger = await site.StartAsync(Role.Logger, _ => { }, _ => { }, ("Node:Power:RestartRole", "always"));
        var stopping = new SyncPoint();
        await using var registration = logger.Lifetime.ApplicationStopping.Register(stopping.Reach);
        logger.Services.GetRequiredService<HealthBoard>().Report("store", PartState.Failed, "disk full");
        await site.StartAsync(
            Role.Bmc,
            builder => builder.AddBmc(),
            app => app.MapBmc(),
            ("Bmc:Board:Simulate", "2.3.7"),
            ("Bmc:Slots:Slot2:Node", "localhost"),
            ("Bmc:Slots:Slot2:Roles:0", $"logger:{site.Ports[Role.Logger]}"),
            ("Bmc:Slots:PollInterval", "00:00:01"),
            ("Bmc:Slots:SilenceLimit", "00:00:01"),
            ("Bmc:Recovery:Interval", "00:00:01"),
            ("Bmc:Recovery:Patience", "00:00:10"),
            ("Bmc:Recovery:BoardTime", "00:00:01"));

        var heard = NextAsync(site, Role.Logger, "RestartRole");
        var taken = NextAsync(site, Role.Bmc, "RecoverSlot");
        await stopping.WaitAsync();

        var (atBmc, atLogger) = (await taken, await heard);
        Assert.Equal(("spiffe://home/node/node1/bmc", "slot_number=2 step=role-restart"), (atBmc.Actor, atBmc.Subject));
        Assert.Equal(("spiffe://home/node/node1/bmc", atBmc.Reason), (atLogger.Actor, atLogger.Reason));
        Assert.Contains("Failed: logger: store, disk full.", atLogger.Reason, StringComparison.Ordinal);
    }

    private static async Task<Event> NextAsync(TestSite site, Role role, string action)
    {
        using var watch = new NodeService.NodeServiceClient(site.Channel(role, site.Node(Role.Logger)))
            .WatchEvents(new WatchEventsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (watch.ResponseStream.Current.Event is { } told && told.Action == action)
            {
                return told;
            }
        }

        throw new InvalidOperationException($"{role} ended its events without {action}.");
    }
}
