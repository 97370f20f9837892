using Appliance.Router.Capture;

namespace Appliance.Recording;

/// <summary>What `appliance record` was asked for.</summary>
/// <param name="Interface">Its name, or another that libpcap knows.</param>
/// <param name="Capture">What is taken from the interface, and how.</param>
/// <param name="Output">The file, or with several the name that theirs are made of.</param>
/// <param name="MaxBytes">The most that all files together take.</param>
/// <param name="FilesCount">Files that are kept; the oldest goes when there would be more.</param>
/// <param name="SnapLength">Bytes that are kept of each frame.</param>
/// <param name="Duration">When it ends by itself; null for never.</param>
/// <param name="Overwrites">Whether files of that name may be replaced.</param>
internal sealed record RecordRequest(
    string Interface, CaptureOptions Capture, string Output, long MaxBytes, int FilesCount, int SnapLength, TimeSpan? Duration, bool Overwrites)
{
    public CaptureFormat Format => Path.GetExtension(Output).Equals(".pcapng", StringComparison.OrdinalIgnoreCase) ? CaptureFormat.Pcapng : CaptureFormat.Pcap;
}
