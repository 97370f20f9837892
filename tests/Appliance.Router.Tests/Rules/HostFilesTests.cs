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
    public void This_machines_own_addresses_are_found()
    {
        var ranges = HostAddresses.ReadOwn().Select(address => address.Range.ToString()).ToList();

        Assert.Contains("127.0.0.0/8", ranges);
        Assert.Contains("ff02::/16", ranges);
        Assert.Equal(ranges.Count, ranges.Distinct().Count());
    }
}
