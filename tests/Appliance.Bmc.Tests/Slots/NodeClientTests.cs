using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Appliance.Hosting.Power;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Tests.Slots;

public sealed class NodeClientTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];

    [Fact]
    public async Task Node_tells_its_version_and_when_it_began()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Router, _ => { }, _ => { });
        var client = await ClientAsync(site, "router");

        var reading = await client.AskAsync(Slot1, TestContext.Current.CancellationToken);

        Assert.Equal((true, true, "", false), (reading.Answers, reading.Pings, reading.Failure, reading.CommitPending));
        Assert.NotEmpty(reading.Version);
        Assert.Empty(reading.FailedParts);
        Assert.NotNull(reading.StartTime);
    }

    [Fact]
    public async Task Failed_part_of_a_role_is_named()
    {
        await using var site = new TestSite();
        var role = await site.StartAsync(Role.Router, _ => { }, _ => { });
        role.Services.GetRequiredService<HealthBoard>().Report("capture", PartState.Failed, "no such interface");
        var client = await ClientAsync(site, "router");

        var reading = await client.AskAsync(Slot1, TestContext.Current.CancellationToken);

        Assert.True(reading.Answers);
        Assert.Equal(["router: capture, no such interface"], reading.FailedParts);
    }

    [Fact]
    public async Task Pending_commit_of_a_role_is_told()
    {
        await using var site = new TestSite();
        var role = await site.StartAsync(Role.Router, _ => { }, _ => { });
        role.Services.GetRequiredService<CommitBoard>().Pending = new PendingCommit("r1", DateTimeOffset.UnixEpoch);
        var client = await ClientAsync(site, "router");

        var reading = await client.AskAsync(Slot1, TestContext.Current.CancellationToken);

        Assert.True(reading.CommitPending);
    }

    [Fact]
    public async Task Silent_role_beside_one_that_answers_has_failed()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Logger, _ => { }, _ => { });
        var client = await ClientAsync(site, "router", "logger");

        var reading = await client.AskAsync(Slot1, TestContext.Current.CancellationToken);

        Assert.True(reading.Answers);
        Assert.Equal(["router (does not answer)"], reading.FailedParts);
    }

    [Fact]
    public async Task Node_without_any_role_is_silent_and_its_machine_is_asked_for_an_echo()
    {
        await using var site = new TestSite();
        var client = await ClientAsync(site, "router");

        var reading = await client.AskAsync(Slot1, TestContext.Current.CancellationToken);

        // The loopback echoes wherever echoes may be asked for at all.
        Assert.False(reading.Answers);
        Assert.NotEqual(false, reading.Pings);
        Assert.StartsWith($"router at localhost:{site.Ports[Role.Router]}: ", reading.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_of_another_role_is_no_answer()
    {
        await using var site = new TestSite();
        await site.StartAsync(Role.Logger, _ => { }, _ => { });
        var client = await ClientAsync(site, new SlotLabel { Node = "localhost", Roles = [$"router:{site.Ports[Role.Logger]}"] });

        var reading = await client.AskAsync(Slot1, TestContext.Current.CancellationToken);

        Assert.False(reading.Answers);
    }

    [Fact]
    public async Task Slot_without_a_node_is_not_known_and_takes_no_order()
    {
        await using var site = new TestSite();
        var client = await ClientAsync(site, "router");

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.RebootAsync(Slot2, "test", TestContext.Current.CancellationToken));

        Assert.Equal((true, false), (client.Knows(Slot1), client.Knows(Slot2)));
        Assert.Equal("The node in slot 2 does not take the order: the configuration names no node for it.", error.Message);
    }

    [Fact]
    public async Task Order_reaches_the_machine_by_the_first_role_that_takes_it()
    {
        await using var site = new TestSite();
        var machine = new RecordingPower();
        await site.StartAsync(Role.Logger, builder => builder.Services.AddSingleton<IMachinePower>(machine), _ => { });
        var client = await ClientAsync(site, "router", "logger");

        await client.RebootAsync(Slot1, "hung", TestContext.Current.CancellationToken);
        await client.ShutdownAsync(Slot1, "ordered by alice", TestContext.Current.CancellationToken);

        Assert.Equal(["reboot", "shutdown"], machine.Asked);
    }

    [Fact]
    public async Task Order_that_no_role_takes_says_why()
    {
        await using var site = new TestSite();
        var client = await ClientAsync(site, "router");

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.ShutdownAsync(Slot1, "test", TestContext.Current.CancellationToken));

        Assert.StartsWith($"The node in slot 1 does not take the order: router at localhost:{site.Ports[Role.Router]}: ", error.Message, StringComparison.Ordinal);
    }

    private static Task<NodeClient> ClientAsync(TestSite site, params string[] roles) => ClientAsync(
        site,
        new SlotLabel { Node = "localhost", Roles = [.. roles.Select(role => $"{role}:{site.Ports[RoleNames.TryParse(role, out var known) ? known : default]}")] });

    private static async Task<NodeClient> ClientAsync(TestSite site, SlotLabel slot1)
    {
        var bmc = await site.StartAsync(Role.Bmc, _ => { }, _ => { });
        return new NodeClient(
            bmc.Services.GetRequiredService<PeerChannels>(), new NodePing(NullLogger<NodePing>.Instance), Options.Create(new SlotOptions { Slot1 = slot1 }));
    }
}
