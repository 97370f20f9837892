using System.Net;

namespace Appliance.Detector.Flows;

/// <summary>The site's own networks.</summary>
internal sealed class LocalNetworks
{
    private readonly (UInt128 Prefix, UInt128 Mask)[] _networks;

    public LocalNetworks(IEnumerable<string> networks) => _networks = [.. networks.Select(Parse)];

    public bool Contains(UInt128 address)
    {
        foreach (var (prefix, mask) in _networks)
        {
            if ((address & mask) == prefix)
            {
                return true;
            }
        }

        return false;
    }

    private static (UInt128 Prefix, UInt128 Mask) Parse(string text)
    {
        var network = IPNetwork.Parse(text);
        var prefix = AddressText.FromAddress(network.BaseAddress);
        var length = network.PrefixLength + (AddressText.IsIPv4(prefix) ? 96 : 0);
        var mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
        return (prefix & mask, mask);
    }
}
