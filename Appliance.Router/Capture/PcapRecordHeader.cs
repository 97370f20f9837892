using System.Runtime.InteropServices;

namespace Appliance.Router.Capture;

/// <summary>struct pcap_pkthdr of a 64-bit system.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PcapRecordHeader
{
    public long Seconds;
    public long Fraction;
    public uint Captured;
    public uint Length;
}
