using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Flows;
using Appliance.Tests.Shared;
using static Appliance.Router.Tests.Devices.DeviceFrames;

namespace Appliance.Router.Tests.Devices;

public sealed class DeviceRatesTests
{
    private readonly PacketPath _path = new(new FlowOptions(), new RecordingSink(), null);

    [Fact]
    public void Each_second_has_the_bits_that_were_sent_in_it()
    {
        var rates = new DeviceRates(new PacketPaths([_path]));
        rates.Begin();
        var frame = Udp(Camera, "192.168.1.21", "192.168.1.22", 5000, 5001, new byte[100], toMac: Phone);

        Show(frame, frame);
        rates.Take(TimeSpan.FromSeconds(1));
        var first = rates.Current;
        Show(frame);
        rates.Take(TimeSpan.FromSeconds(2));
        var second = rates.Current;
        rates.Take(TimeSpan.FromSeconds(1));

        var bits = frame.Length * 8d;
        Assert.Equal([(Camera, 2 * bits, 0), (Phone, 0, 2 * bits)], first.Select(Told).Order());
        Assert.Equal([(Camera, bits / 2, 0), (Phone, 0, bits / 2)], second.Select(Told).Order());
        Assert.Empty(rates.Current);
    }

    [Fact]
    public void Whole_capture_is_counted_to_the_byte()
    {
        var rates = new DeviceRates(new PacketPaths([_path]));
        rates.Begin();
        using var source = new CaptureFile(Path.Combine(Checkout.Traffic, "home.pcapng"));

        _path.Run(source, CancellationToken.None);
        var stations = rates.Take(TimeSpan.FromSeconds(1));

        Assert.Equal(0, _path.Totals.UndecodedPackets);
        Assert.Equal(_path.Totals.Bytes, stations.Sum(station => station.OutBytes));
        Assert.Equal(0, rates.UncountedCount);
    }

    private static (string Mac, double Out, double In) Told(StationRate rate) => (rate.Mac.ToString(), rate.OutBitsPerSecond, rate.InBitsPerSecond);

    private void Show(params byte[][] frames) => _path.Run(new ListSource([.. frames.Select(bytes => (1L, bytes))]), CancellationToken.None);
}
