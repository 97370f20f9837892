using System.Collections.Frozen;
using System.Net.NetworkInformation;
using Appliance.Router.Decoding;

namespace Appliance.Router.Traffic;

/// <summary>The MAC addresses of this machine's own interfaces, looked up again from time to time.</summary>
internal sealed class OwnStations(Func<IEnumerable<MacAddress>> read, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    private FrozenSet<MacAddress>? _stations;
    private long _readStamp;

    public bool Has(MacAddress mac)
    {
        lock (_turn)
        {
            if (_stations is null || clock.GetElapsedTime(_readStamp) > Age)
            {
                _stations = read().ToFrozenSet();
                _readStamp = clock.GetTimestamp();
            }

            return _stations.Contains(mac);
        }
    }

    /// <summary>Those that the machine has now, in the network namespace of the process.</summary>
    public static IEnumerable<MacAddress> ReadCards() => NetworkInterface.GetAllNetworkInterfaces()
        .Select(card => card.GetPhysicalAddress().GetAddressBytes())
        .Where(bytes => bytes.Length == MacAddress.Length)
        .Select(bytes => new MacAddress(bytes.Aggregate(0UL, (value, part) => value << 8 | part)));
}
