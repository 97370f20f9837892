using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Flows;
using Appliance.Router.Traffic;

namespace Appliance.Router.Tests.Traffic;

public sealed class TrafficRatesTests
{
    private static readonly byte[] Datagram = Frames.IPv4Frame("192.168.1.21", "203.0.113.80", 17, Frames.Udp(5000, 5001, new byte[100]));
    private readonly PacketPath _path = new(new FlowOptions(), new RecordingSink(), null);

    [Fact]
    public void Rates_are_those_of_the_time_that_has_gone_by()
    {
        var rates = new TrafficRates(new PacketPaths([_path]));
        Show(Datagram, Datagram, Datagram);

        var taken = rates.Take(TimeSpan.FromSeconds(2));
        var none = rates.Take(TimeSpan.FromSeconds(1));

        Assert.Equal([new ProtocolShare(17, 1.5, 3 * Datagram.Length * 8 / 2d)], taken.Protocols);
        Assert.Equal([new DestinationShare(Frames.Value("203.0.113.80"), 1.5, 0, 3 * Datagram.Length * 8 / 2d, 0)], taken.Destinations);
        Assert.Empty(none.Protocols);
        Assert.Empty(none.Destinations);
    }

    [Fact]
    public void Totals_add_up_by_kind_of_protocol()
    {
        var rates = new TrafficRates(new PacketPaths([_path]));
        Show(Datagram, Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 6, Frames.Tcp(1, 2, 2)), Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 1, Frames.Icmp(8, 0)));
        rates.Take(TimeSpan.FromSeconds(1));
        Show(Datagram, Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 2, new byte[8]), Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 89, new byte[8]));
        rates.Take(TimeSpan.FromSeconds(1));

        Assert.Equal(
            [("tcp", 1L, 54L), ("udp", 2, 2 * Datagram.Length), ("icmp", 1, 42), ("icmpv6", 0, 0), ("other", 2, 84)],
            rates.Totals.Current);
    }

    private void Show(params byte[][] frames) => _path.Run(new ListSource([.. frames.Select(bytes => (1L, bytes))]), CancellationToken.None);
}
