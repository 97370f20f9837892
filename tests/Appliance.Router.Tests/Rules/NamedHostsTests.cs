using System.Net;
using System.Net.Sockets;
using Appliance.Hosting.Configuration;
using Appliance.Router.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Rules;

public sealed class NamedHostsTests
{
    private readonly Dictionary<string, string[]> _dns = [];
    private readonly List<string> _asked = [];

    [Fact]
    public void Nodes_and_a_board_named_by_address_need_no_lookup()
    {
        var hosts = Hosts(new PeerOptions { Logger = new Uri("https://198.51.100.44:7444"), Detector = new Uri("https://[2001:db8::9]:7445") }, "192.0.2.50");

        Assert.Equal(["198.51.100.44", "2001:db8::9", "192.0.2.50"], Addresses(hosts));
    }

    [Fact]
    public async Task Named_nodes_and_a_named_board_are_followed_from_address_to_address()
    {
        var hosts = Hosts(new PeerOptions { Logger = new Uri("https://logger.lan:7444") }, "board.lan");
        _dns["logger.lan"] = ["198.51.100.1"];
        _dns["board.lan"] = ["192.0.2.50", "2001:db8::50"];
        await hosts.RefreshAsync(CancellationToken.None);
        var first = Addresses(hosts);

        _dns["logger.lan"] = ["198.51.100.2"];
        await hosts.RefreshAsync(CancellationToken.None);

        Assert.Equal(["198.51.100.1", "192.0.2.50", "2001:db8::50"], first);
        Assert.Equal(["198.51.100.2", "192.0.2.50", "2001:db8::50"], Addresses(hosts));
        Assert.DoesNotContain("localhost", _asked);
    }

    [Fact]
    public async Task A_node_keeps_its_last_address_while_nobody_answers_for_its_name()
    {
        var hosts = Hosts(new PeerOptions { Logger = new Uri("https://logger.lan:7444") });
        _dns["logger.lan"] = ["198.51.100.1"];
        await hosts.RefreshAsync(CancellationToken.None);

        _dns.Clear();
        await hosts.RefreshAsync(CancellationToken.None);

        Assert.Equal(["198.51.100.1"], Addresses(hosts));
    }

    private static IEnumerable<string> Addresses(NamedHosts hosts) => hosts.Current.Select(host => host.Address.ToString());

    private NamedHosts Hosts(PeerOptions peers, string board = "") => new(
        Options.Create(peers),
        Options.Create(new BlockOptions { BoardAddress = board }),
        (name, _) =>
        {
            _asked.Add(name);
            return _dns.TryGetValue(name, out var found) ? Task.FromResult(found.Select(IPAddress.Parse).ToArray()) : throw new SocketException((int)SocketError.HostNotFound);
        },
        new FakeTimeProvider(),
        NullLogger<NamedHosts>.Instance);
}
