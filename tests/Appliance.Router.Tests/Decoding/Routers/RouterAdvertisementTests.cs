using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Routers;
using Appliance.Router.Tests.Decoding.Dns;
using Appliance.Router.Tests.Decoding.Facts;
using Appliance.Router.Tests.Flows;
using CsCheck;
using static Appliance.Router.Tests.Decoding.Routers.Advertisements;

namespace Appliance.Router.Tests.Decoding.Routers;

public sealed class RouterAdvertisementTests
{
    [Fact]
    public void Everything_that_hosts_take_from_it_is_told()
    {
        var fact = Read(Message(
            0x48,
            LinkLayer("00:1b:21:00:00:02"),
            [5, 1, 0, 0, .. Frames.UInt32(1480)],
            Prefix("2001:db8:1::"),
            Prefix("fd00::", 48, 0x80),
            Servers(600, "2001:db8:1::53", "fd00::53"),
            Servers(0, "2001:db8:bad::53"),
            Domains(DnsMessages.Name("home.example"), DnsMessages.Name("lan")),
            [38, 2, .. Frames.UInt16(600 | 0), .. Frames.Address("64:ff9b::")[..12]]))!;

        Assert.Equal(("00:1b:21:00:00:02", RouterMac), ($"{fact.RouterMac}", $"{fact.Origin.SourceMac}"));
        Assert.Equal((TimeSpan.FromMinutes(30), RouterPreference.High, false, true, 1480u), (fact.Lifetime, fact.Preference, fact.IsManaged, fact.HasOtherConfiguration, fact.Mtu));
        Assert.Equal(
            [
                new(Frames.Value("2001:db8:1::"), 64, IsOnLink: true, IsAutonomous: true, TimeSpan.FromDays(1), TimeSpan.FromHours(4)),
                new(Frames.Value("fd00::"), 48, IsOnLink: true, IsAutonomous: false, TimeSpan.FromDays(1), TimeSpan.FromHours(4)),
            ],
            fact.Prefixes);
        Assert.Equal([Frames.Value("2001:db8:1::53"), Frames.Value("fd00::53")], fact.DnsServers);
        Assert.Equal(["home.example", "lan"], fact.SearchDomains);
        Assert.Equal((Frames.Value("64:ff9b::"), (byte)96, TimeSpan.FromMinutes(10)), Assert.Single(fact.TranslationPrefixes) switch { var found => (found.Prefix, found.Length, found.ValidLifetime) });
    }

    [Theory]
    [InlineData(0x00, RouterPreference.Medium, false)]
    [InlineData(0x98, RouterPreference.Low, true)]
    [InlineData(0x10, RouterPreference.Medium, false)]
    public void Flags_say_how_gladly_it_routes_and_who_gives_addresses(byte flags, RouterPreference preference, bool isManaged)
    {
        var fact = Read(Message(flags))!;

        Assert.Equal((preference, isManaged, RouterMac), (fact.Preference, fact.IsManaged, $"{fact.RouterMac}"));
    }

    [Fact]
    public void One_that_hosts_would_not_take_is_no_fact()
    {
        var good = Message(0, Prefix("2001:db8::"));
        byte[] coded = [134, 1, .. good[2..]];

        Assert.NotNull(Read(good));
        Assert.Null(Read(good, hopLimit: 64));
        Assert.Null(Read(good, source: "2001:db8::1"));
        Assert.Null(Read(coded));
        Assert.Null(Read(good[..12]));
        Assert.Null(Read(good[..^1]));
        Assert.Null(Read(Message(0, [3, 0, 0, 0, 0, 0, 0, 0])));
    }

    [Fact]
    public void Lists_are_bounded()
    {
        var fact = Read(Message(0, [.. Enumerable.Repeat(Prefix("2001:db8::"), 40)]))!;

        Assert.Equal(16, fact.Prefixes.Count);
    }

    [Fact]
    public void Hostile_domains_come_out_plain_and_damage_does_no_harm()
    {
        var seed = Message(0, LinkLayer(RouterMac), Prefix("2001:db8::"), Servers(600, "fd00::53"), Domains(DnsMessages.Name("a\u001b[2J\r\n.example"), DnsMessages.Name("lan")), [38, 2, .. new byte[14]]);
        var facts = 0;

        Mutation.For(1).Sample(
            mutation =>
            {
                var fact = Read(mutation.Apply(seed));
                facts += fact is null ? 0 : 1;
                Assert.All(fact?.SearchDomains ?? [], name => Assert.True(Hostile.IsPlain(name), name));
            },
            iter: 50_000,
            threads: 1);

        Assert.InRange(facts, 1, 49_999);
        Assert.Equal(@"a\027[2J\013\010.example", Read(seed)!.SearchDomains[0]);
    }

    [Fact]
    public void Each_one_of_a_flow_is_told()
    {
        var wire = new Wire().Put(1, Frame(Message(0))).Put(2, Frame(Message(0))).Put(3, Frame(Message(0), hopLimit: 3));

        Assert.Equal(2, wire.Sink.Facts.OfType<RouterAdvertisementFact>().Count());
    }

    private static RouterAdvertisementFact? Read(byte[] message, string source = Advertisements.Router, byte hopLimit = 255)
    {
        var bytes = Frame(message, source, hopLimit);
        Assert.True(PacketDecoder.TryDecode(new Frame(bytes, bytes.Length, 1, LinkType.Ethernet), out var packet));
        return RouterAdvertisementReader.TryRead(packet, out var fact) ? fact : null;
    }
}
