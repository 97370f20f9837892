using System.Net;
using Appliance.Router.Rules;

namespace Appliance.Router.Tests.Rules;

public sealed class HostFilesTests
{
    [Fact]
    public void Name_servers_are_read_from_a_resolver_file()
    {
        const string Text = "# nameserver 192.0.2.1\nsearch lan\nnameserver 192.0.2.53\nnameserver\tfe80::1%eth0\nnameserver nonsense\nnameserver\n";

        Assert.Equal(["192.0.2.53", "fe80::1"], HostFiles.NameServers(Text).Select(address => address.ToString()));
    }

    [Fact]
    public void Stations_of_wanted_addresses_are_read_from_the_neighbour_file()
    {
        const string Text = """
            IP address       HW type     Flags       HW address            Mask     Device
            192.0.2.1        0x1         0x2         02:00:5e:00:53:01     *        eth0
            192.0.2.2        0x1         0x2         02:00:5e:00:53:02     *        eth0
            192.0.2.3        0x1         0x0         00:00:00:00:00:00     *        eth0
            nonsense
            """;

        var stations = HostFiles.Stations(Text, new HashSet<IPAddress> { IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.3") });

        Assert.Equal(["02:00:5e:00:53:01"], stations.Select(station => station.ToString()));
    }

    [Fact]
    public void This_machines_own_addresses_are_found()
    {
        var ranges = new HostAddresses().Read().Select(address => address.Range.ToString()).ToList();

        Assert.Contains("127.0.0.0/8", ranges);
        Assert.Contains("ff02::/16", ranges);
        Assert.Equal(ranges.Count, ranges.Distinct().Count());
    }
}
