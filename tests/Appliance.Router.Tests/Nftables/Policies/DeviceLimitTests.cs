using Appliance.Router.Decoding;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Stations that are kept from somewhere, beside one that is not, with a policy that accepts everything and with none.</summary>
[Trait("Category", "Slow")]
public sealed class DeviceLimitTests : IDisposable
{
    private static readonly MacAddress Kept = new(0x02_00_5e_00_00_07);

    private readonly PolicyLab _lab = new();
    private int _port = 20_000;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Site_alone(bool hasPolicy)
    {
        await ApplyAsync(hasPolicy, new FirewallState([], []) { Devices = [new LimitedDevice(Target(Kept.ToString()), DeviceLimit.LanOnly)] });

        AssertFates(internet: Fate.Dropped, site: Fate.Passed, gateway: Fate.Passed, services: Fate.Passed, answerInside: Fate.Passed, answerToGateway: Fate.Passed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Internet_alone(bool hasPolicy)
    {
        await ApplyAsync(hasPolicy, new FirewallState([], []) { Devices = [new LimitedDevice(Target(Kept.ToString()), DeviceLimit.InternetOnly)] });

        AssertFates(internet: Fate.Passed, site: Fate.Dropped, gateway: Fate.Dropped, services: Fate.Passed, answerInside: Fate.Passed, answerToGateway: Fate.Passed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Resting(bool hasPolicy)
    {
        await ApplyAsync(hasPolicy, new FirewallState([], []) { Devices = [new LimitedDevice(Target(Kept.ToString()), DeviceLimit.Resting)] });

        AssertFates(internet: Fate.Dropped, site: Fate.Dropped, gateway: Fate.Dropped, services: Fate.Passed, answerInside: Fate.Dropped, answerToGateway: Fate.Passed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Quarantined(bool hasPolicy)
    {
        await ApplyAsync(hasPolicy, new FirewallState([Block(BlockAction.Quarantine)], []));

        AssertFates(internet: Fate.Dropped, site: Fate.Dropped, gateway: Fate.Dropped, services: Fate.Passed, answerInside: Fate.Dropped, answerToGateway: Fate.Passed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Blocked(bool hasPolicy)
    {
        await ApplyAsync(hasPolicy, new FirewallState([Block(BlockAction.Drop)], []));

        AssertFates(internet: Fate.Dropped, site: Fate.Dropped, gateway: Fate.Dropped, services: Fate.Dropped, answerInside: Fate.Dropped, answerToGateway: Fate.Dropped);
    }

    private static Block Block(BlockAction action) => Make(Target(Kept.ToString()), action, 0, TimeProvider.System.GetUtcNow(), 3600);

    /// <summary>Begins connections towards the station while nothing is decided, and then decides.</summary>
    private async Task ApplyAsync(bool hasPolicy, FirewallState state)
    {
        _lab.Hush();
        await _lab.ApplyAsync(FirewallPolicy.Open);
        foreach (var isIPv6 in new[] { false, true })
        {
            _lab.Send([("iot", FromInside(isIPv6)), (PolicyLab.Gateway, FromGateway(isIPv6))]);
        }

        var rule = PolicyLab.Rule("all", RuleAction.Accept, new RuleMatch { States = [ConnectionState.New, ConnectionState.Established] });
        await _lab.ApplyAsync(state with { Policy = hasPolicy ? PolicyLab.Policy(RuleAction.Accept, rule) : FirewallPolicy.Open });
    }

    private void AssertFates(Fate internet, Fate site, Fate gateway, Fate services, Fate answerInside, Fate answerToGateway)
    {
        foreach (var isIPv6 in new[] { false, true })
        {
            var ways = Ways(isIPv6).ToList();
            Fate[] expected = [services, services, services, services, internet, internet, site, site, gateway, gateway, answerInside, answerToGateway];

            var kept = _lab.Send([.. ways.Select(packet => ("lan", packet with { Station = Kept }))]);
            var others = _lab.Send([.. ways.Take(expected.Length - 2).Select(packet => ("lan", packet with { SourcePort = (ushort)++_port }))]);

            Assert.Equal(ways.Zip(expected), ways.Zip(kept.Select(outcome => outcome.Fate)));
            Assert.All(others, outcome => Assert.Equal(Fate.Passed, outcome.Fate));
        }
    }

    private IEnumerable<Packet> Ways(bool isIPv6)
    {
        var source = _lab.Lan.Silent(isIPv6);
        yield return Packet.Udp(source, _lab.Lan.Gateway(isIPv6), 53, ++_port);
        yield return Packet.Tcp(source, _lab.Lan.Gateway(isIPv6), 53, ++_port);
        yield return Packet.Udp(source, _lab.Lan.Gateway(isIPv6), 123, ++_port);
        yield return Packet.Udp(source, _lab.Lan.Gateway(isIPv6), isIPv6 ? 547 : 67, ++_port);
        yield return Packet.Udp(source, _lab.Wan.Silent(isIPv6), 443, ++_port);
        yield return Packet.Tcp(source, _lab.Wan.Silent(isIPv6), 443, ++_port);
        yield return Packet.Udp(source, _lab.Iot.Silent(isIPv6), 443, ++_port);
        yield return Packet.Tcp(source, _lab.Iot.Silent(isIPv6), 443, ++_port);
        yield return Packet.Udp(source, _lab.Lan.Gateway(isIPv6), 8000, ++_port);
        yield return Packet.Tcp(source, _lab.Lan.Gateway(isIPv6), 443, ++_port);
        yield return FromInside(isIPv6).Answer();
        yield return FromGateway(isIPv6).Answer();
    }

    private Packet FromInside(bool isIPv6) => Packet.Udp(_lab.Iot.Silent(isIPv6), _lab.Lan.Silent(isIPv6), 5000, 5001);

    private Packet FromGateway(bool isIPv6) => Packet.Udp(_lab.Lan.Gateway(isIPv6), _lab.Lan.Silent(isIPv6), 5000, 5002);
}
