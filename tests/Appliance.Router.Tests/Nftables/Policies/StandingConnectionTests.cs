using System.Net;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using Appliance.Router.Traffic;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Real connections while rulesets and blocks come and go over them.</summary>
public sealed class StandingConnectionTests : IDisposable
{
    private static readonly FirewallPolicy Shut = PolicyLab.Policy(RuleAction.Drop, PolicyLab.Rule("no", RuleAction.Drop));
    private static readonly RuleMatch Outward = new() { SourceZones = [PolicyLab.LanZone], DestinationZones = [PolicyLab.WanZone] };
    private static readonly FirewallPolicy Hidden = PolicyLab.Policy(PolicyLab.Rule("out", RuleAction.Accept, Outward), PolicyLab.Rule("hide", RuleAction.Masquerade, Outward));

    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connection_goes_on_over_every_apply_and_a_new_one_is_decided_by_the_last(bool isIPv6)
    {
        using var listener = Conversation.Listen(_lab.Wan.Place, _lab.Wan.Address(isIPv6), 443);
        await _lab.ApplyAsync(Hidden);
        using var talk = Conversation.Begin(_lab.Lan.Place, _lab.Lan.Address(isIPv6), listener);
        var went = new List<bool> { talk.Exchanges() };

        foreach (var policy in new[] { Hidden, Shut, Shut, Hidden with { Protections = new Protections { AntiSpoofing = true, DropBogons = true } } })
        {
            await _lab.ApplyAsync(policy);
            went.Add(talk.Exchanges());
        }

        var canBegin = Conversation.CanBegin(_lab.Lan.Place, _lab.Lan.Address(isIPv6), listener.LocalEndPoint!);
        await _lab.ApplyAsync(Shut);
        var canBeginShut = Conversation.CanBegin(_lab.Lan.Place, _lab.Lan.Address(isIPv6), listener.LocalEndPoint!);
        Assert.All(went, Assert.True);
        Assert.Equal((true, false), (canBegin, canBeginShut));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Block_acts_on_what_stands_whatever_the_rules_accept(bool isIPv6)
    {
        using var listener = Conversation.Listen(_lab.Wan.Place, _lab.Wan.Address(isIPv6), 443);
        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept, PolicyLab.Rule("all", RuleAction.Accept, new RuleMatch { States = [ConnectionState.New, ConnectionState.Established, ConnectionState.Related, ConnectionState.Invalid] })));
        using var talk = Conversation.Begin(_lab.Lan.Place, _lab.Lan.Address(isIPv6), listener);
        var before = talk.Exchanges();
        var block = Make(BlockTarget.From(_lab.Wan.Address(isIPv6)), BlockAction.Drop, 0, TimeProvider.System.GetUtcNow(), 3600);

        _lab.Firewall.Put([block]);
        var blocked = talk.Exchanges();
        _lab.Firewall.Remove([block]);

        Assert.True(before);
        Assert.False(blocked);
        Assert.True(Conversation.CanBegin(_lab.Lan.Place, _lab.Lan.Address(isIPv6), listener.LocalEndPoint!));
    }

    [Fact]
    public async Task Translated_connection_is_listed_found_by_either_side_and_ended()
    {
        using var listener = Conversation.Listen(_lab.Wan.Place, _lab.Wan.Address4, 443);
        using var inner = Conversation.Listen(_lab.Router, _lab.Lan.Gateway4, 7443);
        await _lab.ApplyAsync(Hidden);
        using var talk = Conversation.Begin(_lab.Lan.Place, _lab.Lan.Address4, listener);
        using var other = Conversation.Begin(_lab.Lan.Place, _lab.Lan.Address4, inner);
        await _lab.ApplyAsync(Shut);
        using var kernel = new KernelConnections(new NetlinkExchange(_lab.Router.OpenNetlink()));
        var connections = new ConnectionList(kernel);

        var all = Read(connections, null);
        var byGateway = Read(connections, _lab.Wan.Gateway4);
        var byClient = Read(connections, _lab.Lan.Address4);
        var wentBefore = talk.Exchanges();
        connections.Delete(Assert.Single(byGateway).Name.ToString());
        var wentAfter = talk.Exchanges();

        var found = Assert.Single(byGateway);
        Assert.Equal((2, 2), (all.Count, byClient.Count));
        Assert.True(found.IsTranslated);
        Assert.Equal((talk.Beginner.Port, 443), (found.Original.Ends.SourcePort, found.Original.Ends.DestinationPort));
        Assert.True(wentBefore);
        Assert.False(wentAfter);
        Assert.True(other.Exchanges());
        Assert.Empty(Read(connections, _lab.Wan.Gateway4));
    }

    private static List<Connection> Read(ConnectionList connections, IPAddress? address) =>
        connections.Read(null, address is null ? null : Appliance.Router.Decoding.IPAddresses.FromBytes(address.GetAddressBytes()), 100).Items.ToList();
}
