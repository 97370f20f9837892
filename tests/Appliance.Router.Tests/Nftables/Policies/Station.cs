using System.Globalization;
using System.Net;
using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>A network namespace on a cable of the gateway's, with one station that answers and many that are silent.</summary>
/// <remarks>The silent ones have addresses that the gateway knows the way to and nobody owns, so that nothing but the firewall answers for them.</remarks>
internal sealed class Station(string cable, string network4, string network6, int number) : IDisposable
{
    /// <summary>Silent stations have these last numbers, from the first to the last.</summary>
    public const int FirstSilent = 10;

    public const int LastSilent = 17;

    private Wire? _wire;

    /// <summary>The gateway's interface.</summary>
    public string Cable { get; } = cable;

    public TestNamespace Place { get; } = new();

    public string Mac { get; } = $"02:00:5e:00:71:{number}2";

    public string GatewayMac { get; } = $"02:00:5e:00:71:{number}1";

    /// <summary>The station that answers.</summary>
    public IPAddress Address4 => Host4(2);

    public IPAddress Address6 => Host6(2);

    public IPAddress Gateway4 => Host4(1);

    public IPAddress Gateway6 => Host6(1);

    /// <summary>A silent station.</summary>
    public IPAddress Silent4 => Host4(FirstSilent);

    public IPAddress Silent6 => Host6(FirstSilent);

    public Wire Wire => _wire ??= Place.Inside.Run(() => new Wire("eth0"));

    public MacAddress MacAddress => MacAddress.TryParse(Mac, out var mac) ? mac : throw new FormatException(Mac);

    public IPAddress Host4(int host) => IPAddress.Parse($"{network4}.{host.ToString(CultureInfo.InvariantCulture)}");

    public IPAddress Host6(int host) => IPAddress.Parse($"{network6}::{host.ToString(CultureInfo.InvariantCulture)}");

    public IPAddress Gateway(bool isIPv6) => isIPv6 ? Gateway6 : Gateway4;

    public IPAddress Address(bool isIPv6) => isIPv6 ? Address6 : Address4;

    public IPAddress Silent(bool isIPv6, int index = 0) => isIPv6 ? Host6(FirstSilent + index) : Host4(FirstSilent + index);

    /// <summary>A packet as a frame to the gateway.</summary>
    public byte[] Frame(Packet packet)
    {
        var from = (packet.Station ?? MacAddress).ToString();
        return [.. Bytes(GatewayMac), .. Bytes(from), .. packet.IsIPv6 ? (byte[])[0x86, 0xdd] : [8, 0], .. packet.ToBytes()];
    }

    /// <summary>A question for the gateway's station, from an address that nobody else asks from.</summary>
    public byte[] Question() =>
    [
        .. Bytes(GatewayMac), .. Bytes(Mac), 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
        .. Bytes(Mac), .. Host4(250).GetAddressBytes(), 0, 0, 0, 0, 0, 0, .. Gateway4.GetAddressBytes(),
    ];

    public bool IsAnswer(ReadOnlySpan<byte> frame) =>
        frame.Length >= 42 && frame[12..14].SequenceEqual((byte[])[8, 6]) && frame[21] == 2 && frame[38..42].SequenceEqual(Host4(250).GetAddressBytes());

    /// <summary>What iproute2 does in the gateway for this cable, line by line.</summary>
    public IEnumerable<string> GatewayLines() =>
    [
        $"link add {Cable} address {GatewayMac} type veth peer name eth0 address {Mac} netns {Place.Name}",
        $"link set {Cable} up",
        $"address add {Gateway4}/24 dev {Cable}",
        $"address add {Gateway6}/64 dev {Cable} nodad",
        .. Enumerable.Range(FirstSilent - 1, LastSilent - FirstSilent + 2)
            .SelectMany(host => new[] { Host4(host), Host6(host) })
            .Select(address => $"neighbor add {address} lladdr {Mac} dev {Cable} nud permanent"),
    ];

    /// <summary>The same at its other end.</summary>
    public IEnumerable<string> Lines() =>
    [
        "link set eth0 up",
        $"address add {Address4}/24 dev eth0",
        $"address add {Address6}/64 dev eth0 nodad",
        $"route add default via {Gateway4}",
        $"route add default via {Gateway6}",
    ];

    public void Dispose()
    {
        _wire?.Dispose();
        Place.Dispose();
    }

    private static byte[] Bytes(string mac) => Convert.FromHexString(mac.Replace(":", "", StringComparison.Ordinal));
}
