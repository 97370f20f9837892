using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

/// <summary>Real packets through a real kernel's ruleset.</summary>
[Trait("Category", "Slow")]
public sealed class NftablesFirewallTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly FirewallState Empty = new([], []);
    private const string Public = "198.51.100.2";

    [Fact]
    public async Task Blocked_address_is_dropped_and_passes_after_the_block_is_lifted()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        var block = Drop(Lab.ClientAddress, Hour);
        var before = lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);

        firewall.Put([block]);
        var during = lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);
        var other = lab.Reaches(Lab.OtherAddress, Lab.ServerAddress);
        firewall.Remove([block]);

        Assert.True(before);
        Assert.False(during);
        Assert.True(other);
        Assert.True(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task Quarantined_station_reaches_names_and_addresses_at_the_gateway_and_nothing_else()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        var quarantine = Make(Target(Lab.ClientStation), BlockAction.Quarantine, 0, TimeProvider.System.GetUtcNow(), Hour.TotalSeconds);

        firewall.Put([quarantine]);
        (string Place, bool Reached)[] during =
        [
            ("server", lab.Reaches(Lab.ClientAddress, Lab.ServerAddress)),
            ("server over IPv6", lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6)),
            ("DNS", lab.ReachesGateway(53)),
            ("DHCP", lab.ReachesGateway(67)),
            ("NTP", lab.ReachesGateway(123)),
            ("another service", lab.ReachesGateway(7443)),
            ("an answer to the gateway", lab.AnswersGateway()),
        ];
        firewall.Remove([quarantine]);

        Assert.Equal(["DNS", "DHCP", "NTP", "an answer to the gateway"], during.Where(entry => entry.Reached).Select(entry => entry.Place));
        Assert.True(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress) && lab.ReachesGateway(7443));
        Assert.Equal(3, firewall.ReadDrops().Single(drop => drop.Set == "quarantined_mac").Packets);
    }

    [Fact]
    public async Task Limited_stations_reach_what_their_policy_leaves_them_where_no_zone_is_named()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        // Addresses of the internet on the far side: all others of the lab are private.
        lab.Server.Ip("address", "add", $"{Public}/32", "dev", "eth0");
        lab.Gateway.Ip("route", "add", $"{Public}/32", "dev", "wan");

        var reached = new Dictionary<string, string>();
        foreach (var limit in (DeviceLimit?[])[null, DeviceLimit.LanOnly, DeviceLimit.InternetOnly, DeviceLimit.Resting])
        {
            await firewall.ApplyAsync(Empty with { Devices = limit is { } one ? [new LimitedDevice(Target(Lab.ClientStation), one)] : [] }, CancellationToken.None);
            (string Place, bool Reached)[] places =
            [
                ("internet", lab.Reaches(Lab.ClientAddress, Public)),
                ("site", lab.Reaches(Lab.ClientAddress, Lab.ServerAddress)),
                ("site over IPv6", lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6)),
                ("DNS", lab.ReachesGateway(53)),
                ("gateway", lab.ReachesGateway(7443)),
                ("answers", lab.AnswersGateway()),
            ];
            reached[limit?.ToString() ?? "none"] = string.Join(", ", places.Where(place => place.Reached).Select(place => place.Place));
        }

        Assert.Equal("internet, site, site over IPv6, DNS, gateway, answers", reached["none"]);
        Assert.Equal("site, site over IPv6, DNS, gateway, answers", reached["LanOnly"]);
        Assert.Equal("internet, DNS, answers", reached["InternetOnly"]);
        Assert.Equal("DNS, answers", reached["Resting"]);
    }

    [Fact]
    public async Task Kernel_ends_a_block_by_itself()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);

        firewall.Put([Drop(Lab.ClientAddress, TimeSpan.FromSeconds(1))]);
        var during = lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);
        var tries = 0;
        while (tries < 40 && !lab.Reaches(Lab.ClientAddress, Lab.ServerAddress))
        {
            tries++;
        }

        // Each failed try waits 150 ms for its packet, so 40 of them are six times the block.
        Assert.False(during);
        Assert.InRange(tries, 1, 39);
    }

    [Fact]
    public async Task Blocked_IPv6_address_is_dropped()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        var before = lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6);

        firewall.Put([Drop(Lab.ClientAddress6, Hour)]);

        Assert.True(before);
        Assert.False(lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6));
        Assert.True(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task Blocked_station_is_dropped_under_all_its_addresses()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        var before = lab.Reaches(Lab.OtherAddress, Lab.ServerAddress);

        firewall.Put([Drop(Lab.ClientStation, Hour)]);

        Assert.True(before);
        Assert.False(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.False(lab.Reaches(Lab.OtherAddress, Lab.ServerAddress));
        Assert.False(lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6));
    }

    [Fact]
    public async Task Blocked_address_does_not_reach_the_gateway_itself()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        using var receiver = Lab.OpenUdp(lab.Gateway, "10.71.1.1");
        using var sender = Lab.OpenUdp(lab.Client, Lab.ClientAddress);
        sender.SendTo([1], receiver.LocalEndPoint!);
        var before = Lab.Receives(receiver);

        firewall.Put([Drop(Lab.ClientAddress, Hour)]);
        sender.SendTo([1], receiver.LocalEndPoint!);

        Assert.True(before);
        Assert.False(Lab.Receives(receiver));
    }

    [Fact]
    public async Task Block_ends_connections_that_stand_and_their_entries()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        using var listener = lab.Listen(Lab.ServerAddress, 8080);
        using var client = lab.OpenTcp(Lab.ClientAddress);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using var served = await listener.AcceptAsync();
        var entriesBefore = CountConnections(lab);

        firewall.Put([Drop(Lab.ClientAddress, Hour)]);
        firewall.EndConnections([Target(Lab.ClientAddress)]);
        await client.SendAsync(new byte[] { 1 });
        served.ReceiveTimeout = 300;

        Assert.False(Lab.Receives(served));
        Assert.Equal(1, entriesBefore);
        Assert.Equal(0, CountConnections(lab));
    }

    [Fact]
    public async Task Reply_of_a_blocked_address_to_a_connection_from_inside_is_dropped()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        firewall.Put([Drop(Lab.ServerAddress, Hour)]);
        using var server = Lab.OpenUdp(lab.Server, Lab.ServerAddress);
        using var client = Lab.OpenUdp(lab.Client, Lab.ClientAddress);

        client.SendTo([1], server.LocalEndPoint!);
        var isAsked = Lab.Receives(server);
        server.SendTo([2], client.LocalEndPoint!);

        Assert.True(isAsked);
        Assert.False(Lab.Receives(client));
    }

    [Theory]
    [InlineData(Lab.ClientAddress, Lab.ServerAddress)]
    [InlineData(Lab.ClientAddress6, Lab.ServerAddress6)]
    public async Task Rate_limit_lets_about_the_rate_through(string source, string target)
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        firewall.Put([Limit(target, 200)]);

        var (seconds, passed) = Flood(lab, TimeSpan.FromSeconds(2), 20_000, source, target);

        // 200 a second and a burst of 20, with room for a loaded machine's clock.
        Assert.InRange(passed, 0.7 * 200 * seconds, (1.2 * 200 * seconds) + 40);
    }

    [Fact]
    public async Task Rate_limit_leaves_connections_that_stand_and_other_targets_alone()
    {
        using var lab = new Lab();
        lab.Server.Ip("address", "add", "10.71.2.9/24", "dev", "eth0");
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        using var listener = lab.Listen(Lab.ServerAddress, 8080);
        using var client = lab.OpenTcp(Lab.OtherAddress);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using var served = await listener.AcceptAsync();
        firewall.Put([Limit(Lab.ServerAddress, 1)]);

        Flood(lab, TimeSpan.FromMilliseconds(200), 500);
        await client.SendAsync(new byte[64 * 1024]);
        var received = 0;
        while (received < 64 * 1024)
        {
            received += await served.ReceiveAsync(new byte[64 * 1024]).WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(64 * 1024, received);
        Assert.False(lab.Reaches(Lab.OtherAddress, Lab.ServerAddress));
        Assert.True(lab.Reaches(Lab.ClientAddress, "10.71.2.9"));
    }

    [Fact]
    public async Task Limited_address_gets_the_answers_that_it_asked_for()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        firewall.Put([Limit(Lab.ServerAddress, 1)]);
        Flood(lab, TimeSpan.FromMilliseconds(200), 500);
        using var server = Lab.OpenUdp(lab.Server, Lab.ServerAddress);
        using var resolver = Lab.OpenUdp(lab.Client, Lab.ClientAddress);

        server.SendTo([1], resolver.LocalEndPoint!);
        var isAsked = Lab.Receives(resolver);
        resolver.SendTo([2], server.LocalEndPoint!);

        Assert.True(isAsked);
        Assert.True(Lab.Receives(server));
    }

    [Fact]
    public async Task Rate_limit_drops_new_connections_above_the_rate()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        using var listener = lab.Listen(Lab.ServerAddress, 8080);
        firewall.Put([Limit(Lab.ServerAddress, 1)]);
        Flood(lab, TimeSpan.FromMilliseconds(200), 500);

        using var client = lab.OpenTcp(Lab.ClientAddress);
        var connects = Lab.Connects(client, listener.LocalEndPoint!);

        Assert.False(connects);
    }

    [Fact]
    public async Task Protected_addresses_pass_even_when_the_kernels_set_holds_them()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(new FirewallState([], [Range("10.71.1.0/24"), Range("fd71:1::/64")]), CancellationToken.None);

        firewall.Put([Drop(Lab.ClientAddress, Hour), Drop(Lab.ClientAddress6, Hour)]);

        Assert.True(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
        Assert.True(lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6));
    }

    [Fact]
    public async Task Spoofing_a_protected_address_does_not_free_a_blocked_station()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(new FirewallState([], [Range("10.71.1.0/24")]), CancellationToken.None);

        firewall.Put([Drop(Lab.ClientStation, Hour)]);

        Assert.False(lab.Reaches(Lab.ClientAddress, Lab.ServerAddress));
    }

    [Fact]
    public async Task Drops_are_counted()
    {
        using var lab = new Lab();
        var firewall = lab.OpenFirewall(TimeProvider.System);
        await firewall.ApplyAsync(Empty, CancellationToken.None);
        firewall.Put([Drop(Lab.ClientAddress, Hour)]);

        lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);

        Assert.Equal(1, firewall.ReadDrops().Single(drop => drop.Set == "blocked4").Packets);
        Assert.Equal(0, firewall.ReadDrops().Single(drop => drop.Set == "blocked6").Packets);
    }

    private static (double Seconds, int Passed) Flood(
        Lab lab, TimeSpan length, int most, string source = Lab.ClientAddress, string target = Lab.ServerAddress)
    {
        using var receiver = Lab.OpenUdp(lab.Server, target);
        receiver.ReceiveBufferSize = 1 << 20;
        using var sender = Lab.OpenUdp(lab.Client, source);
        var start = TimeProvider.System.GetTimestamp();
        for (var sent = 0; sent < most && TimeProvider.System.GetElapsedTime(start) < length; sent++)
        {
            sender.SendTo([1], receiver.LocalEndPoint!);
        }

        // A slow start of the flood would hand out less; the count is over the time that was really used.
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var passed = 0;
        while (Lab.Receives(receiver))
        {
            passed++;
        }

        return (seconds, passed);
    }

    private static int CountConnections(Lab lab) => lab.Gateway.ReadNet("nf_conntrack")
        .Split('\n')
        .Count(line => line.Contains($"src={Lab.ClientAddress} ", StringComparison.Ordinal) && line.Contains("dport=8080", StringComparison.Ordinal));

    // From now on: the kernel's clock is the real one.
    private static Block Drop(string target, TimeSpan duration) =>
        Make(Target(target), BlockAction.Drop, 0, TimeProvider.System.GetUtcNow(), duration.TotalSeconds);

    private static Block Limit(string target, int packetsPerSecond) =>
        Make(Target(target), BlockAction.RateLimit, packetsPerSecond, TimeProvider.System.GetUtcNow(), 3600);
}
