using Microsoft.Win32.SafeHandles;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Appliance.Router.Capture;

/// <summary>An interface opened by libpcap, to be read without waiting in it.</summary>
/// <remarks>
/// Its packets are asked for by pointer: SharpPcap's own ways make objects for each (64 bytes), and its GetNextPacket, which polls before
/// each one, lost 42 % of 0.42 million packets a second.
/// </remarks>
internal sealed class PolledDevice : LibPcapLiveDevice
{
    // As long as the ring's own (see PacketSocket).
    private const int BlockTimeoutMilliseconds = 10;

    private readonly SafeFileHandle _socket;
    private readonly SocketCounts _counts;

    private PolledDevice(PcapInterface found, DeviceConfiguration configuration)
        : base(found)
    {
        Open(configuration);
        NonBlockingMode = true;

        // Closed with the device, not by this handle.
        _socket = new SafeFileHandle(FileDescriptor, ownsHandle: false);
        _counts = new SocketCounts(_socket);
    }

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

    /// <summary>Waits until a read may give something.</summary>
    public void Wait(TimeSpan time) => PollFileDescriptor((int)time.TotalMilliseconds);

    /// <summary>Frames that the kernel has taken for this device and not lost, and those that it has lost.</summary>
    /// <remarks>
    /// Not SharpPcap's statistics: they read libpcap's three 32-bit counters as 64-bit ones, so that their drops are another counter's (6.3.1).
    /// libpcap reads the kernel's only for those.
    /// </remarks>
    public (long Kept, long Dropped) ReadCounts() => _counts.Read();

    /// <summary>Takes no frame from now on; those taken stay. libpcap's own filter would be run over those as well.</summary>
    public void Stop() => SocketFilter.Nothing.TryAttach(_socket);

    public override void Close()
    {
        // Called by finalizers too, also of one that was never opened.
        _counts?.Close();
        base.Close();
    }
}
