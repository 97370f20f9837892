using System.Net;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Listeners;
using Appliance.Router.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

public sealed class NeededAddressesTests
{
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly FixedLinks _links = new();
    private readonly PeopleAddresses _people;

    public NeededAddressesTests() => _people = new PeopleAddresses(_clock, []);

    [Fact]
    public void Nodes_and_the_board_are_protected_with_their_stations_on_the_own_link()
    {
        Meet("192.0.2.44", "02:00:5e:00:53:44", "eth0");
        Meet("192.0.2.50", "02:00:5e:00:53:50", "eth0");

        var found = Read(new PeerOptions { Logger = new Uri("https://192.0.2.44:7444") }, "192.0.2.50");

        Assert.Superset(new HashSet<string> { "192.0.2.44/32", "192.0.2.50/32", "02:00:5e:00:53:44", "02:00:5e:00:53:50" }, found);
    }

    [Fact]
    public void A_person_who_is_connected_is_protected_by_address_and_station_for_15_minutes_more()
    {
        Meet("192.0.2.20", "02:00:5e:00:53:20", "eth0");
        _people.See(IPAddress.Parse("192.0.2.20"));

        var connected = Read();
        _clock.Advance(PeopleAddresses.Linger);
        var gone = Read();

        Assert.Superset(new HashSet<string> { "192.0.2.20/32", "02:00:5e:00:53:20" }, connected);
        Assert.Empty(gone.Intersect(["192.0.2.20/32", "02:00:5e:00:53:20"]));
    }

    [Fact]
    public void Whoever_takes_a_needed_address_on_another_link_is_not_protected_by_it()
    {
        Meet("192.0.2.44", "02:00:5e:00:53:44", "eth0");
        _links.Neighbors.Add(new LinkNeighbor(Target("192.0.2.44"), Target("02:00:5e:00:53:66"), "guest"));

        var found = Read(new PeerOptions { Logger = new Uri("https://192.0.2.44:7444") });

        Assert.Contains("02:00:5e:00:53:44", found);
        Assert.DoesNotContain("02:00:5e:00:53:66", found);
    }

    [Fact]
    public void A_link_local_address_means_its_own_link_only()
    {
        _links.Neighbors.Add(new LinkNeighbor(Target("fe80::20"), Target("02:00:5e:00:53:20"), "eth7"));
        _links.Neighbors.Add(new LinkNeighbor(Target("fe80::20"), Target("02:00:5e:00:53:66"), "eth8"));
        _people.See(new IPAddress(IPAddress.Parse("fe80::20").GetAddressBytes(), scopeid: 7));

        var found = Read();

        Assert.Superset(new HashSet<string> { "fe80::20/128", "02:00:5e:00:53:20" }, found);
        Assert.DoesNotContain("02:00:5e:00:53:66", found);
    }

    [Fact]
    public void What_no_station_has_is_passed_over()
    {
        _people.See(IPAddress.None);
        _people.See(IPAddress.Any);

        Assert.DoesNotContain("0.0.0.0/32", Read());
    }

    private void Meet(string address, string station, string link)
    {
        _links.Neighbors.Add(new LinkNeighbor(Target(address), Target(station), link));
        _links.Routes[Target(address)] = link;
    }

    private HashSet<string> Read(PeerOptions? peers = null, string board = "")
    {
        var named = new NamedHosts(
            Options.Create(peers ?? new PeerOptions()), Options.Create(new BlockOptions { BoardAddress = board }), (_, _) => Task.FromResult<IPAddress[]>([]), _clock, NullLogger<NamedHosts>.Instance);
        return [.. new NeededAddresses(named, _people, _links).Read().Select(address => address.Range.ToString())];
    }
}
