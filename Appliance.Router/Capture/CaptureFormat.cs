namespace Appliance.Router.Capture;

/// <summary>Formats of capture files that are written.</summary>
public enum CaptureFormat
{
    /// <summary>Classic, with times in nanoseconds.</summary>
    Pcap,
    Pcapng,
}
