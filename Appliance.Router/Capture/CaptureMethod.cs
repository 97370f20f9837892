namespace Appliance.Router.Capture;

/// <summary>How frames are taken from an interface.</summary>
public enum CaptureMethod
{
    /// <summary>By the kernel's ring; by libpcap where the ring cannot be had.</summary>
    Auto,

    /// <summary>By the kernel's ring, or not at all.</summary>
    Ring,

    /// <summary>By libpcap.</summary>
    Pcap,
}
