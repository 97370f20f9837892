using Appliance.Router.Network;

namespace Appliance.Router.Tests.Network;

/// <summary>Settings of one network in a virtual cable's near end, to be changed by each test.</summary>
internal static class NetworkSettings
{
    public const string Interface = "lan";
    public const string Gateway = "10.72.1.1";
    public const string Prefix6 = "fd72:1::/64";
    public const string Gateway6 = "fd72:1::1";

    public static NetworkOptions One() => new()
    {
        Enabled = true,
        UpstreamServers = ["127.0.0.9"],
        Lans = [new LanOptions { Interface = Interface, Gateway = $"{Gateway}/24", First = "10.72.1.100", Last = "10.72.1.120", IPv6Prefix = Prefix6 }],
    };

    /// <summary>Everything that can be set.</summary>
    public static NetworkOptions Full() => new()
    {
        Enabled = true,
        Domain = "example.lan",
        UpstreamServers = ["192.0.2.53", "2001:db8::53"],
        Lans =
        [
            new LanOptions { Interface = "eth1", Gateway = "192.168.1.1/24", First = "192.168.1.100", Last = "192.168.1.200", IPv6Prefix = "fd12:0:0:1::/64", NtpServers = ["192.168.1.1", "192.0.2.123"] },
            new LanOptions { Interface = "eth2.7", Gateway = "10.0.4.1/22", First = "10.0.5.0", Last = "10.0.6.255", LeaseTime = TimeSpan.FromHours(1) },
        ],
        StaticLeases =
        [
            new StaticLeaseOptions { Mac = "02:42:AC:11:00:02", Address = "192.168.1.20", Name = "hall-cam" },
            new StaticLeaseOptions { Mac = "02:42:ac:11:00:03", Address = "10.0.4.9" },
        ],
        LocalNames = [new LocalNameOptions { Name = "nas", Address = "192.168.1.5" }, new LocalNameOptions { Name = "www.example.com", Address = "fd12::5" }],
        Blocklists = ["/etc/blocked"],
        Dnssec = true,
        MaxLeases = 300,
        CachedNames = 5000,
    };
}
