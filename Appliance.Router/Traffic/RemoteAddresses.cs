using Appliance.Router.Decoding;

namespace Appliance.Router.Traffic;

/// <summary>Tells addresses out in the Internet from those of a site.</summary>
internal static class RemoteAddresses
{
    // 64:ff9b::/96, by which hosts that have only IPv6 reach IPv4 (RFC 6052, 2.1).
    private const ulong TranslatedPrefix = 0x0064_ff9b_0000_0000;

    /// <summary>Whether it is a unicast address that is neither private, shared, link-local nor for special use.</summary>
    public static bool IsRemote(UInt128 address)
    {
        if (IPAddresses.IsIPv4(address))
        {
            return IsRemoteIPv4((uint)address);
        }

        // All unicast that is routed is given out of 2000::/3 (RFC 4291, 2.4).
        return address >> 125 == 1 || ((ulong)(address >> 64) == TranslatedPrefix && (ulong)address >> 32 == 0);
    }

    // RFC 6890 and 6598, and from 224.0.0.0 up groups, what is reserved and the broadcast address.
    private static bool IsRemoteIPv4(uint address) => (address >> 24) switch
    {
        0 or 10 or 127 or >= 224 => false,
        100 => address >> 22 != (100u << 2 | 1),
        169 => address >> 16 != 0xa9fe,
        172 => address >> 20 != 0xac1,
        192 => address >> 16 != 0xc0a8,
        _ => true,
    };
}
