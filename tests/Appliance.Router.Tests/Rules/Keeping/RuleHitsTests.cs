using System.Net;
using System.Net.Sockets;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;
using Appliance.Router.Rules.Policy;
using Appliance.Router.Tests.Nftables;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Rules.Keeping;

/// <summary>Real rules and packets that match them, over applies that begin all of the kernel's counters anew.</summary>
[Trait("Category", "Slow")]
public sealed class RuleHitsTests : IDisposable
{
    private readonly TestNamespace _place;
    private readonly JumpingClock _clock = new();
    private FirewallChoice _choice;
    private IKernelRuleset _kernel;
    private RuleHits _hits;

    public RuleHitsTests()
    {
        _place = new TestNamespace();
        _place.Ip("link", "add", "lan0", "type", "veth", "peer", "name", "lan1");
        _place.Ip("link", "set", "lan1", "up");
        _place.Ip("link", "set", "lan0", "up");
        _place.Ip("address", "add", "10.72.0.1/24", "dev", "lan0");
        (_choice, _kernel, _hits) = Open();
    }

    [Fact]
    public async Task Matches_are_counted_with_the_time_of_the_last()
    {
        await ApplyAsync(Rule("web", 80), Rule("names", 53));
        _hits.Sample();
        var before = _hits.Find("web");

        Send(80, 3);
        _hits.Sample();
        var hit = _hits.Find("web");
        _clock.Jump(TimeSpan.FromMinutes(5));
        _hits.Sample();

        Assert.Equal(default, before);
        // An IPv4 header, one of UDP and a byte.
        Assert.Equal((3, 3 * 29), (hit.Packets, hit.Bytes));
        Assert.InRange(hit.LastHitTime!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
        Assert.Equal(hit, _hits.Find("web"));
        Assert.Equal((default, default), (_hits.Find("names"), _hits.Find("unknown")));
    }

    [Fact]
    public async Task What_was_counted_stays_over_applies_even_if_nobody_had_read_it()
    {
        await ApplyAsync(Rule("web", 80));
        for (var apply = 0; apply < 5; apply++)
        {
            Send(80, 3);
            await ApplyAsync(Rule("web", 80));
        }

        Send(80, 1);
        _hits.Sample();

        Assert.Equal(16, _hits.Find("web").Packets);
    }

    [Fact]
    public async Task A_rule_that_is_changed_begins_anew_and_the_others_go_on()
    {
        await ApplyAsync(Rule("web", 80), Rule("names", 53));
        Send(80, 3);
        Send(53, 3);
        _hits.Sample();

        await ApplyAsync(Rule("web", 81), Rule("names", 53) with { Order = 5 });
        Send(81, 1);
        _hits.Sample();

        Assert.Equal((1, 3), (_hits.Find("web").Packets, _hits.Find("names").Packets));
    }

    [Fact]
    public async Task A_rule_that_was_out_of_force_has_matched_nothing()
    {
        await ApplyAsync(Rule("web", 80));
        Send(80, 3);
        await ApplyAsync();
        _hits.Sample();
        var meanwhile = _hits.Find("web");

        await ApplyAsync(Rule("web", 80));
        _hits.Sample();

        Assert.Equal((default, default), (meanwhile, _hits.Find("web")));
    }

    [Fact]
    public async Task Counters_that_somebody_sets_back_or_deletes_go_on()
    {
        await ApplyAsync(Rule("web", 80));
        Send(80, 3);
        _hits.Sample();

        _place.Nft("reset", "counters", "table", "inet", "appliance");
        Send(80, 1);
        _hits.Sample();
        var afterReset = _hits.Find("web").Packets;
        _place.Nft("delete", "table", "inet", "appliance");
        _hits.Sample();
        var meanwhile = _hits.Find("web").Packets;
        await ApplyAsync(Rule("web", 80));
        Send(80, 2);
        _hits.Sample();

        Assert.Equal((4, 4, 6), (afterReset, meanwhile, _hits.Find("web").Packets));
    }

    [Fact]
    public async Task What_was_counted_stays_over_a_restart_of_the_gateway()
    {
        await ApplyAsync(Rule("web", 80), Rule("names", 53));
        Send(80, 3);
        Send(53, 3);
        _choice.Dispose();
        (_choice, _kernel, _hits) = Open();

        await ApplyAsync(Rule("web", 80), Rule("names", 54));
        _hits.Sample();

        Assert.Equal((3, 0), (_hits.Find("web").Packets, _hits.Find("names").Packets));
    }

    [Fact]
    public async Task Drops_in_the_metrics_are_those_of_built_in_counters_alone()
    {
        await ApplyAsync(Rule("web", 80));
        Send(80, 3);

        var drops = _choice.Open().ReadDrops();

        Assert.Contains("blocked4", drops.Select(drop => drop.Set));
        Assert.DoesNotContain(drops, drop => drop.Set.Contains("web", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _choice.Dispose();
        _place.Dispose();
    }

    private (FirewallChoice Choice, IKernelRuleset Kernel, RuleHits Hits) Open()
    {
        var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = _place.Name }), _clock);
        var kernel = choice.OpenRuleset();
        return (choice, kernel, new RuleHits(kernel, _clock));
    }

    private Task ApplyAsync(params PolicyRule[] rules) => _choice.Open().ApplyAsync(
        new FirewallState([], []) { Policy = new FirewallPolicy([new Zone("lan", ["lan0"])], [], new Protections(), rules) },
        CancellationToken.None);

    private static PolicyRule Rule(string id, int port) => new(
        id,
        id,
        10,
        new RuleMatch { SourceZones = [Zone.Gateway], DestinationZones = ["lan"], Protocols = [17], DestinationPorts = [new PortRange((ushort)port, (ushort)port)] },
        RuleAction.Drop);

    // Connection tracking lets nothing through as established that gets no answer.
    private void Send(int port, int packets)
    {
        for (var packet = 0; packet < packets; packet++)
        {
            using var sender = Lab.OpenUdp(_place, "10.72.0.1");
            try
            {
                sender.SendTo([1], new IPEndPoint(IPAddress.Parse("10.72.0.9"), port));
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
            {
                // A drop on the way out is told to the sender.
            }
        }
    }
}
