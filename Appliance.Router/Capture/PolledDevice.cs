using SharpPcap;
using SharpPcap.LibPcap;

namespace Appliance.Router.Capture;

/// <summary>An interface opened by libpcap.</summary>
internal sealed class PolledDevice : LibPcapLiveDevice
{
    // As long as the ring's own (see PacketSocket).
    private const int BlockTimeoutMilliseconds = 10;

    private PolledDevice(PcapInterface found, DeviceConfiguration configuration)
        : base(found) => Open(configuration);

    /// <summary>Opens an interface by its name; null, with the reason, when libpcap refuses or is missing.</summary>
    public static PolledDevice? TryOpen(string name, CaptureOptions options, int snapLength, out string error)
    {
        try
        {
            error = "libpcap knows no interface of that name";
            var found = PcapInterface.GetAllPcapInterfaces().FirstOrDefault(one => one.Name == name);
            return found is null ? null : new PolledDevice(found, new DeviceConfiguration
            {
                Mode = options.Promiscuous ? DeviceModes.Promiscuous : DeviceModes.None,
                ReadTimeout = BlockTimeoutMilliseconds,
                Snaplen = snapLength == 0 ? ClassicRecords.MaxFrameBytes : snapLength,
                BufferSize = options.RingBlocks * PacketSocket.BlockBytes,
                TimestampResolution = TimestampResolution.Nanosecond,
            });
        }
        catch (PcapException refusal)
        {
            error = refusal.Message.TrimEnd();
        }
        catch (Exception missing) when (PacketFilter.IsMissingLibrary(missing))
        {
            error = PacketFilter.LibraryIsMissing;
        }

        return null;
    }
}
