namespace Appliance.Router.Capture;

/// <summary>What a frame begins with, by the numbers of the tcpdump.org LINKTYPE registry.</summary>
public enum LinkType
{
    /// <summary>BSD loopback: four bytes of address family in the writer's byte order.</summary>
    Null = 0,
    Ethernet = 1,

    /// <summary>Bare IPv4 or IPv6.</summary>
    Raw = 101,

    /// <summary>OpenBSD loopback: as <see cref="Null"/>, always big-endian.</summary>
    Loop = 108,
    LinuxCooked = 113,
    RawIPv4 = 228,
    RawIPv6 = 229,
    LinuxCooked2 = 276,
}
