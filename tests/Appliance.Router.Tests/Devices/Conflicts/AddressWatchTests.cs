using Appliance.Router.Devices.Conflicts;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Decoding.Dhcp;
using Appliance.Router.Tests.Decoding.Routers;
using static Appliance.Router.Tests.Devices.DeviceFrames;

namespace Appliance.Router.Tests.Devices.Conflicts;

public sealed class AddressWatchTests
{
    private const string Box = "00:1b:21:00:00:01";
    private const string Attacker = "00:0c:29:00:00:66";
    private const string Address = "192.168.1.21";
    private const string BoxAddress = "192.168.1.1";
    private const string LinkLocal = "fe80::21";
    private const string Random1 = "02:11:11:11:11:11";
    private const string Random2 = "06:22:22:22:22:22";
    private readonly ConflictBench _bench = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Claim_of_an_address_that_another_station_has_is_told_at_once(ushort operation)
    {
        _bench.Claim(1, Camera, Address, 1).Claim(2, Attacker, Address, operation);

        var conflict = Assert.Single(_bench.Conflicts);
        Assert.Equal((ConflictKind.Claimed, Camera, Attacker, false, 1), (conflict.Kind, $"{conflict.Holder}", $"{conflict.Claimant}", conflict.IsRouter, conflict.Claims));
        Assert.Equal((Frames.Value(Address), Flows.Wire.At(1), Attacker), (conflict.Address, conflict.HolderSeen, $"{conflict.Origin.SourceMac}"));
    }

    [Fact]
    public void It_is_told_again_after_ten_seconds_with_the_number_of_claims()
    {
        _bench.Claim(1, Camera, Address);
        for (var at = 2; at <= 22; at++)
        {
            _bench.Claim(at, Attacker, Address).Claim(at + 0.5, Camera, Address);
        }

        Assert.Equal([1, 10, 10], _bench.Conflicts.Select(conflict => conflict.Claims));
    }

    [Fact]
    public void Advertisement_that_overrides_is_a_claim_and_one_that_does_not_is_none()
    {
        _bench.Advertise(1, Camera, LinkLocal).Advertise(2, Attacker, LinkLocal, flags: 0x40);
        Assert.Empty(_bench.Conflicts);

        _bench.Advertise(3, Attacker, LinkLocal, flags: 0x60);

        Assert.Equal([ConflictKind.Claimed], _bench.Kinds);
    }

    [Fact]
    public void Advertisement_that_came_through_a_router_is_no_claim()
    {
        byte[] forged = [136, 0, 0, 0, 0x20, 0, 0, 0, .. Frames.Address(LinkLocal), 2, 1, .. Frames.Mac(Attacker)];

        _bench.Advertise(1, Camera, LinkLocal).Put(2, Frames.Ethernet(0x86dd, Frames.IPv6("2001:db8::6", LinkLocal, 58, forged, hopLimit: 60), Box, Camera));

        Assert.Empty(_bench.Conflicts);
    }

    [Fact]
    public void Who_comes_after_ten_minutes_of_silence_has_the_address()
    {
        _bench.Claim(1, Camera, Address).Claim(700, Attacker, Address).Claim(710, Attacker, Address);
        Assert.Empty(_bench.Conflicts);

        _bench.Claim(720, Camera, Address);

        Assert.Equal((Attacker, Camera), (_bench.Conflicts[0].Holder.ToString(), _bench.Conflicts[0].Claimant.ToString()));
    }

    [Fact]
    public void Lease_gives_the_address_to_another_device()
    {
        _bench.Claim(1, Camera, Address).Put(2, DhcpAcknowledge(Box, Address)).Claim(3, DhcpMessages.Client, Address);

        Assert.Empty(_bench.Conflicts);
    }

    [Fact]
    public void Old_holder_that_goes_on_after_another_got_the_lease_is_at_odds_with_it()
    {
        _bench.Claim(1, Camera, Address).Put(2, DhcpAcknowledge(Box, Address)).Claim(3, DhcpMessages.Client, Address).Claim(4, Camera, Address);

        Assert.Equal([ConflictKind.Claimed], _bench.Kinds);
    }

    [Fact]
    public void Probe_claims_nothing_and_its_defence_is_the_holders_right()
    {
        _bench.Claim(1, Camera, Address);
        _bench.Put(2, Frames.Ethernet(0x0806, Frames.Arp(1, Attacker, "0.0.0.0", Address), Attacker, Everybody)).Claim(3, Camera, Address);

        Assert.Empty(_bench.Conflicts);
    }

    [Theory]
    [InlineData("00:00:5e:00:01:07")]
    [InlineData("00:00:0c:07:ac:01")]
    [InlineData("00:00:0c:9f:f0:01")]
    [InlineData("00:07:b4:00:01:01")]
    public void Routers_that_share_an_address_are_no_conflict(string shared)
    {
        _bench.Claim(1, Box, BoxAddress).Claim(2, shared, BoxAddress, frameMac: Box).Claim(3, shared, BoxAddress, frameMac: "00:1b:21:00:00:02");

        Assert.Empty(_bench.Conflicts);
    }

    [Fact]
    public void Station_that_takes_the_address_of_shared_routers_is_told()
    {
        _bench.Claim(1, "00:00:5e:00:01:07", BoxAddress).Claim(2, Attacker, BoxAddress);

        Assert.Equal([ConflictKind.Claimed], _bench.Kinds);
    }

    [Fact]
    public void Phone_that_changes_its_made_up_address_is_no_conflict()
    {
        _bench.Claim(1, Random1, Address).Advertise(1, Random1, LinkLocal).Claim(2, Random2, Address).Advertise(2, Random2, LinkLocal).Claim(60, Random2, Address);

        Assert.Empty(_bench.Conflicts);
    }

    [Fact]
    public void Two_stations_with_made_up_addresses_are_at_odds_once_both_have_spoken()
    {
        _bench.Claim(1, Random1, Address).Claim(2, Random2, Address).Claim(3, Random2, Address).Claim(4, Random1, Address);

        var conflict = Assert.Single(_bench.Conflicts);
        Assert.Equal((Random1, Random2, 2), (conflict.Holder.ToString(), conflict.Claimant.ToString(), conflict.Claims));
    }

    [Fact]
    public void Made_up_address_that_answers_for_the_router_is_told_at_once()
    {
        _bench.Put(1, DhcpOffer(Box, BoxAddress)).Claim(2, Random1, BoxAddress).Claim(3, Random2, BoxAddress);

        Assert.True(Assert.Single(_bench.Conflicts) is { Kind: ConflictKind.Claimed, IsRouter: true });
    }

    [Fact]
    public void Lease_does_not_make_somebody_else_the_router()
    {
        _bench.Put(1, DhcpOffer(Box, BoxAddress)).Claim(2, Box, BoxAddress).Put(3, DhcpAcknowledge(Attacker, BoxAddress)).Claim(4, DhcpMessages.Client, BoxAddress);

        Assert.True(Assert.Single(_bench.Conflicts).IsRouter);
    }

    [Fact]
    public void Advertisement_of_another_station_from_the_routers_address_is_told()
    {
        var message = Advertisements.Message(0);

        _bench.Put(1, Advertisements.Frame(message)).Put(2, Advertisements.Frame(message, mac: Attacker));

        Assert.True(Assert.Single(_bench.Conflicts) is { Kind: ConflictKind.Claimed, IsRouter: true });
    }

    [Fact]
    public void Router_that_answers_for_a_neighbor_is_noted_as_such()
    {
        _bench.Put(1, DhcpOffer(Box, BoxAddress)).Claim(2, Box, BoxAddress).Claim(3, Camera, Address).Claim(4, Box, Address);

        Assert.Equal([ConflictKind.Proxied], _bench.Kinds);
    }

    [Fact]
    public void Message_that_names_another_station_than_the_frame_is_told()
    {
        _bench.Claim(1, Camera, Address, frameMac: Attacker);

        Assert.Equal((ConflictKind.SenderMismatch, Camera, Attacker), (_bench.Conflicts[0].Kind, $"{_bench.Conflicts[0].Holder}", $"{_bench.Conflicts[0].Claimant}"));
    }

    [Fact]
    public void Each_vlan_has_addresses_of_its_own()
    {
        byte[] inVlan = [.. Frames.Mac(Everybody), .. Frames.Mac(Attacker), 0x81, 0, 0, 7, 8, 6, .. Frames.Arp(2, Attacker, Address, "192.168.1.99")];

        _bench.Claim(1, Camera, Address).Put(2, inVlan);

        Assert.Empty(_bench.Conflicts);
    }

    [Fact]
    public void Flood_of_made_up_senders_is_bounded_in_facts_and_leaves_the_router_known()
    {
        var bench = new ConflictBench(maxDevices: 64);
        bench.Put(1, DhcpOffer(Box, BoxAddress)).Claim(1, Box, BoxAddress);
        for (var i = 0; i < 20_000; i++)
        {
            var mac = $"00:0d:00:00:{i >> 8:x2}:{i & 255:x2}";
            bench.Claim(2 + (i * 0.0001), mac, $"10.0.{i >> 8}.{i & 255}").Claim(2 + (i * 0.0001), Attacker, $"10.0.{i >> 8}.{i & 255}");
        }

        bench.Claim(10, Attacker, BoxAddress);

        Assert.InRange(bench.Conflicts.Count, 2, 400);
        Assert.True(bench.Conflicts[^1] is { IsRouter: true });
    }

    private static byte[] DhcpOffer(string server, string router) => Udp(server, BoxAddress, "255.255.255.255", 67, 68, DhcpMessages.Message(
        [DhcpMessages.Option(53, 2), DhcpMessages.Option(3, Frames.Address(router))], your: "192.168.1.50"));
}
