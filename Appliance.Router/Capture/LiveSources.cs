namespace Appliance.Router.Capture;

/// <summary>Opens an interface in the way that is configured.</summary>
public sealed class LiveSources(TimeProvider clock)
{
    /// <param name="name">The interface.</param>
    /// <param name="options">How to watch it; <see cref="CaptureOptions.Interface"/> is left aside.</param>
    /// <param name="snapLength">Bytes of each frame that are wanted; 0 for all.</param>
    public IPacketSource Open(string name, CaptureOptions options, int snapLength = 0)
    {
        return TryMakeFilter(name, options, snapLength, out var filter, out var fault)
            ? new PacketRing(name, options, clock, filter)
            : new FailedSource(fault);
    }

    private static bool TryMakeFilter(
        string name,
        CaptureOptions options,
        int snapLength,
        out SocketFilter? filter,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out CaptureFault? fault)
    {
        fault = null;
        filter = snapLength == 0 ? null : SocketFilter.FirstBytes(snapLength);
        if (options.Filter.Length == 0)
        {
            return true;
        }

        using var compiled = Compile(name, options.Filter, out var error);
        if (compiled is null)
        {
            fault = new CaptureFault(CaptureFaultKind.InterfaceFailed, 0, 0, 0, $"{name}: filter '{options.Filter}': {error}");
            return false;
        }

        filter = snapLength == 0 ? compiled.ForSocket() : compiled.ForSocket().WithFirstBytes(snapLength);
        return true;
    }

    // For the interface itself: only then does libpcap know that the kernel takes VLAN tags off before the filter sees a frame.
    private static PacketFilter? Compile(string name, string expression, out string error)
    {
        using var device = PolledDevice.TryOpen(name, new CaptureOptions { Promiscuous = false, RingBlocks = 2 }, 0, out _);
        return device is null ? PacketFilter.TryCompile(expression, LinkType.Ethernet, out error)
            : LinkTypes.From((int)device.LinkType) is var link and (LinkType.LinuxCooked or LinkType.LinuxCooked2) ? PacketFilter.TryCompile(expression, LinkType.Raw, out error)
            : PacketFilter.TryCompile(expression, device, out error);
    }
}
