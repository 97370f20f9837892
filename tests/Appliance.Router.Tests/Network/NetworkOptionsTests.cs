using Appliance.Hosting.Configuration;
using Appliance.Router.Network;
using Microsoft.Extensions.Configuration;

namespace Appliance.Router.Tests.Network;

public sealed class NetworkOptionsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["Enabled"] = "true",
        ["Lans:0:Interface"] = "eth1",
        ["Lans:0:Gateway"] = "192.168.1.1/24",
        ["Lans:0:First"] = "192.168.1.100",
        ["Lans:0:Last"] = "192.168.1.200",
        ["Lans:1:Interface"] = "eth2",
        ["Lans:1:Gateway"] = "192.168.2.1/24",
        ["Lans:1:First"] = "192.168.2.100",
        ["Lans:1:Last"] = "192.168.2.200",
        ["StaticLeases:0:Mac"] = "02:42:ac:11:00:02",
        ["StaticLeases:0:Address"] = "192.168.1.20",
        ["StaticLeases:0:Name"] = "cam",
        ["LocalNames:0:Name"] = "nas",
        ["LocalNames:0:Address"] = "192.168.1.5",
    };

    [Fact]
    public void Nothing_is_served_unless_it_is_asked_for()
    {
        Assert.Empty(Faults([]));
        Assert.False(new NetworkOptions().Enabled);
    }

    [Fact]
    public void Networks_that_fit_together_are_taken()
    {
        Assert.Empty(Faults(Good));
    }

    [Theory]
    [InlineData("Domain", "lan\nserver=/x/192.0.2.1")]
    [InlineData("Domain", "lan\n")]
    [InlineData("Domain", "a/b")]
    [InlineData("Domain", "a,b")]
    [InlineData("Domain", "a#b")]
    [InlineData("Domain", "a b")]
    [InlineData("Domain", "-a")]
    [InlineData("Domain", "a..b")]
    [InlineData("Domain", "ä.lan")]
    [InlineData("ResolvFile", "/etc/resolv.conf\nuser=root")]
    [InlineData("ResolvFile", "/etc/resolv.conf #")]
    [InlineData("ResolvFile", "resolv.conf")]
    [InlineData("UpstreamServers:0", "192.0.2.1#53\nuser=root")]
    [InlineData("UpstreamServers:0", "/example.com/192.0.2.1")]
    [InlineData("UpstreamServers:0", "1")]
    [InlineData("UpstreamServers:0", "fe80::1%eth0")]
    [InlineData("UpstreamServers:0", "0.0.0.0")]
    [InlineData("Blocklists:0", "lists/one")]
    [InlineData("Blocklists:0", "/lists/one\n")]
    [InlineData("Lans:0:Interface", "eth*")]
    [InlineData("Lans:0:Interface", "eth1\ndhcp-script=/bin/sh")]
    [InlineData("Lans:0:Interface", "eth1,eth2")]
    [InlineData("Lans:0:Interface", "")]
    [InlineData("Lans:0:Gateway", "192.168.1.0/24")]
    [InlineData("Lans:0:Gateway", "192.168.1.1")]
    [InlineData("Lans:0:Gateway", "192.168.1.1/31")]
    [InlineData("Lans:0:Gateway", "192.168.001.1/24")]
    [InlineData("Lans:0:First", "192.168.2.100")]
    [InlineData("Lans:0:First", "192.168.1.0")]
    [InlineData("Lans:0:First", "192.168.1.1")]
    [InlineData("Lans:0:First", "192.168.1.100,static")]
    [InlineData("Lans:0:Last", "192.168.1.99")]
    [InlineData("Lans:0:Last", "192.168.1.255")]
    [InlineData("Lans:0:LeaseTime", "00:01:00")]
    [InlineData("Lans:0:IPv6Prefix", "fd12::1/64")]
    [InlineData("Lans:0:IPv6Prefix", "fd12::/48")]
    [InlineData("Lans:0:IPv6Prefix", "fe80::/64")]
    [InlineData("Lans:0:IPv6Prefix", "::ffff:0:0/64")]
    [InlineData("Lans:0:NtpServers:0", "pool.ntp.org")]
    [InlineData("Lans:0:NtpServers:0", "192.0.2.1\n")]
    [InlineData("Lans:1:Interface", "eth1")]
    [InlineData("Lans:1:Gateway", "192.168.1.2/16")]
    [InlineData("StaticLeases:0:Mac", "02:42:ac:11:00:02,id:*")]
    [InlineData("StaticLeases:0:Mac", "02:42:ac:11:00")]
    [InlineData("StaticLeases:0:Address", "10.0.0.1")]
    [InlineData("StaticLeases:0:Address", "192.168.1.1")]
    [InlineData("StaticLeases:0:Name", "cam,infinite")]
    [InlineData("StaticLeases:0:Name", "cam.lan")]
    [InlineData("StaticLeases:0:Name", "cam\n")]
    [InlineData("LocalNames:0:Name", "nas/")]
    [InlineData("LocalNames:0:Name", "*.lan")]
    [InlineData("LocalNames:0:Address", "192.168.1")]
    [InlineData("LocalNames:0:Address", "192.168.1.5,600")]
    public void What_could_be_more_than_a_value_or_fits_nowhere_is_refused_by_its_key(string key, string value)
    {
        var faults = Faults(new(Good) { [key] = value });

        var list = key.Split(':')[0];
        Assert.Contains(faults, fault => fault.StartsWith($"{NetworkOptions.Section}:{key} is ", StringComparison.Ordinal) || fault.StartsWith($"{NetworkOptions.Section}:{list}: ", StringComparison.Ordinal)
            || fault.StartsWith($"{NetworkOptions.Section}:{key[..^2]}: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Service_without_a_network_is_refused()
    {
        var fault = Assert.Single(Faults(new() { ["Enabled"] = "true" }));

        Assert.Equal("Router:Network:Lans: has no network to give addresses in; name one, or set Enabled to false.", fault);
    }

    [Theory]
    [InlineData("Mac", "02:42:AC:11:00:02")]
    [InlineData("Address", "192.168.1.20")]
    [InlineData("Name", "CAM")]
    public void Two_devices_with_the_same_lease_are_refused(string key, string value)
    {
        Dictionary<string, string?> settings = new(Good)
        {
            ["StaticLeases:1:Mac"] = "02:42:ac:11:00:03",
            ["StaticLeases:1:Address"] = "192.168.1.21",
            ["StaticLeases:1:Name"] = "printer",
            [$"StaticLeases:1:{key}"] = value,
        };

        Assert.EndsWith("twice.", Assert.Single(Faults(settings)), StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = Faults(new(Good) { ["Domain"] = "a b", ["Lans:0:First"] = "x", ["StaticLeases:0:Name"] = "a b", ["UpstreamServers:0"] = "x", ["MaxLeases"] = "0" });

        // The first address breaks two rules: of its form, and of its network.
        Assert.Equal(6, faults.Count);
    }

    private static IReadOnlyList<string> Faults(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"{NetworkOptions.Section}:{setting.Key}", setting.Value))).Build();
        return new ConfigurationCheck(configuration, [new OptionsSection(NetworkOptions.Section, typeof(NetworkOptions))]).Find();
    }
}
