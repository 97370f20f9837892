using System.Buffers.Binary;
using System.Net;

namespace Appliance.Evaluation.Windows;

/// <summary>Addresses in the words of manifests and alerts.</summary>
internal static class HostText
{
    /// <summary>Reads an address; IPv4 as ::ffff:a.b.c.d, as flows have it.</summary>
    public static bool TryParse(string text, out UInt128 host)
    {
        var isAddress = IPAddress.TryParse(text, out var address);
        host = isAddress ? Of(address!) : default;
        return isAddress;
    }

    public static UInt128 Of(IPAddress address) => BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());

    /// <summary>All addresses of a manifest's field, which may have words behind them: "192.168.2.16 (infected), 0.0.0.0 (many)".</summary>
    public static IReadOnlyList<UInt128> All(string field)
    {
        var hosts = new List<UInt128>();
        foreach (var part in field.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (TryParse(part.Split(' ')[0], out var host))
            {
                hosts.Add(host);
            }
        }

        return hosts;
    }
}
