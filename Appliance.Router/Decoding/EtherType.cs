namespace Appliance.Router.Decoding;

/// <summary>IEEE numbers of what a frame carries.</summary>
internal static class EtherType
{
    public const ushort IPv4 = 0x0800;
    public const ushort Arp = 0x0806;

    /// <summary>A whole Ethernet frame within GRE (RFC 7637, 3.2).</summary>
    public const ushort Ethernet = 0x6558;
    public const ushort Vlan = 0x8100;
    public const ushort PppoeSession = 0x8864;
    public const ushort IPv6 = 0x86dd;
    public const ushort ProviderVlan = 0x88a8;

    /// <summary>Tag of QinQ equipment older than 802.1ad.</summary>
    public const ushort OldProviderVlan = 0x9100;
}
