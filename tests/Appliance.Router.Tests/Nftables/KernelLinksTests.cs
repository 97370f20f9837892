using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

public sealed class KernelLinksTests
{
    [Fact]
    public void Stations_of_both_families_are_found_on_their_interfaces()
    {
        using var lab = new Lab();
        using var choice = Choice(lab);
        lab.Reaches(Lab.ClientAddress, Lab.ServerAddress);
        lab.Reaches(Lab.ClientAddress6, Lab.ServerAddress6);
        lab.Gateway.Ip("neigh", "add", "10.71.1.99", "lladdr", "02:00:5e:00:53:99", "dev", "lan", "nud", "permanent");
        lab.Gateway.Ip("neigh", "add", "10.71.1.98", "lladdr", "02:00:5e:00:53:98", "dev", "lan", "nud", "failed");
        var links = new KernelLinks(choice, NullLogger<KernelLinks>.Instance);

        var found = links.ReadNeighbors();

        Assert.Contains(new LinkNeighbor(Target("10.71.1.99"), Target("02:00:5e:00:53:99"), "lan"), found);
        Assert.Contains(found, neighbor => neighbor.Interface == "wan" && neighbor.Address == Target(Lab.ServerAddress6));
        Assert.DoesNotContain(found, neighbor => neighbor.Address == Target("10.71.1.98"));
    }

    [Theory]
    [InlineData(Lab.ClientAddress, "lan")]
    [InlineData(Lab.ServerAddress6, "wan")]
    [InlineData("203.0.113.7", "wan")]
    [InlineData(Lab.ClientStation, "")]
    public void The_way_to_an_address_is_the_kernels(string address, string wanted)
    {
        using var lab = new Lab();
        using var choice = Choice(lab);
        lab.Gateway.Ip("route", "add", "default", "via", Lab.ServerAddress);

        Assert.Equal(wanted, new KernelLinks(choice, NullLogger<KernelLinks>.Instance).InterfaceTo(Target(address)));
    }

    [Fact]
    public void An_interface_of_this_process_has_its_name()
    {
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Rendered }), TimeProvider.System);
        var links = new KernelLinks(choice, NullLogger<KernelLinks>.Instance);

        Assert.Equal(("lo", "", "lo"), (links.NameOf(1), links.NameOf(0), links.InterfaceTo(Target("127.0.0.1"))));
    }

    private static FirewallChoice Choice(Lab lab) => new(Options.Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = lab.Gateway.Name }), TimeProvider.System);
}
