using Appliance.Hosting.Health;
using Appliance.Router.Nftables;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Nftables;

public sealed class ConntrackWatchTests
{
    private readonly string _name = NamespaceName.New();
    private readonly HealthBoard _board = new(TimeProvider.System);

    [Fact]
    public async Task Kernel_counts_packets_from_the_start_and_the_health_board_says_where()
    {
        ConntrackTool.SkipUnlessPossible();
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = _name }), TimeProvider.System);

        var health = await RunAsync(choice);
        var accounting = Command.Run("/usr/sbin/ip", "netns", "exec", _name, "cat", "/proc/sys/net/netfilter/nf_conntrack_acct");

        Assert.Equal("1\n", accounting);
        Assert.Equal((ConntrackWatch.Part, PartState.Healthy, $"Follows connections in network namespace {_name}."), (health.Part, health.State, health.Text));
    }

    [Fact]
    public async Task Without_a_kernel_to_ask_there_is_nothing_to_follow()
    {
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Rendered }), TimeProvider.System);
        using var watch = new ConntrackWatch(choice, choice.OpenConnections(), Table(), TimeProvider.System, _board);

        await watch.StartAsync(CancellationToken.None);
        await watch.StopAsync(CancellationToken.None);

        Assert.Empty(_board.Snapshot);
    }

    [Fact]
    public void Setting_that_cannot_be_set_says_why()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();

        var fault = new KernelPlace(place.Inside, "the test").Set("nf_conntrack_nonsense", "1");

        Assert.Contains("nf_conntrack_nonsense", fault);
    }

    private static NatTable Table() => new(Options.Create(new TrafficOptions()), TimeProvider.System);

    private async Task<PartHealth> RunAsync(FirewallChoice choice)
    {
        using var connections = (KernelConnections)choice.OpenConnections();
        using var watch = new ConntrackWatch(choice, connections, Table(), TimeProvider.System, _board);
        await watch.StartAsync(CancellationToken.None);
        var health = await _board.WatchAsync(TestContext.Current.CancellationToken).FirstAsync();
        await watch.StopAsync(CancellationToken.None);
        return health;
    }
}
