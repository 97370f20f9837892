using System.Net;
using System.Net.Sockets;

namespace Appliance.Hosting.Listeners;

/// <summary>What counts as one place that calls come from.</summary>
public static class SourceNetwork
{
    /// <summary>A home or a host owns a whole IPv6 /64, so that is one source (RFC 6177).</summary>
    public static string Of(IPAddress source)
    {
        if (source.IsIPv4MappedToIPv6)
        {
            return source.MapToIPv4().ToString();
        }

        return source.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(source.GetAddressBytes(), 0, 8)
            : source.ToString();
    }
}
