using Microsoft.Extensions.Logging;

namespace Appliance.Router.Capture;

/// <summary>Opens an interface in the way that is configured: by the kernel's ring, or by libpcap where the ring cannot be had.</summary>
public sealed partial class LiveSources(TimeProvider clock, ILogger<LiveSources> logger)
{
    /// <param name="name">The interface.</param>
    /// <param name="options">How to watch it; <see cref="CaptureOptions.Interfaces"/> is left aside.</param>
    /// <param name="snapLength">Bytes of each frame that are wanted; 0 for all.</param>
    public ILiveSource Open(string name, CaptureOptions options, int snapLength = 0) => OpenGroup(name, 1, options, snapLength)[0];

    /// <summary>Opens sources that share the interface's frames; a single one where that fails, and by libpcap, which knows no sharing.</summary>
    public IReadOnlyList<ILiveSource> OpenGroup(string name, int count, CaptureOptions options, int snapLength = 0)
    {
        if (options.Method == CaptureMethod.Pcap)
        {
            return [new SharpPcapSource(name, options, snapLength, weakness: null, clock)];
        }

        if (!TryMakeFilter(name, options, snapLength, out var filter, out var fault))
        {
            return [new FailedSource(fault)];
        }

        var rings = PacketRing.OpenGroup(name, count, options, clock, filter);
        return options.Method == CaptureMethod.Auto && RefusalOf(rings[0]) is { } reason ? [ByLibpcap(rings[0], name, options, snapLength, reason)] : rings;
    }

    /// <summary>Why the ring cannot be had where libpcap may do better; null where it is open, or libpcap would fail as well.</summary>
    internal static string? RefusalOf(PacketRing ring) => ring.Error switch
    {
        0 or Libc.NotPermitted => null,
        Libc.NoDevice => "the kernel has no single interface of that name",
        _ => $"the kernel refuses its ring ({ring.Fault?.Text})",
    };

    private ILiveSource ByLibpcap(PacketRing ring, string name, CaptureOptions options, int snapLength, string reason)
    {
        var source = new SharpPcapSource(name, options, snapLength, $"by libpcap, on one thread: {reason}", clock);
        if (source.Fault is not null)
        {
            // The ring's fault says what is wrong with the interface; libpcap was a try.
            source.Dispose();
            return ring;
        }

        ring.Dispose();
        LogFallback(name, reason);
        return source;
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Interface {Name} is watched by libpcap: {Reason}.")]
    private partial void LogFallback(string name, string reason);
}
