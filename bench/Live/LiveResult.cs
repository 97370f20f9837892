namespace Appliance.Benchmarks.Live;

/// <summary>One run of the live measurement.</summary>
internal sealed record LiveResult(long Sent, double Seconds, long Captured, long Dropped, TimeSpan Busy, long AllocatedBytes)
{
    public long Lost => Sent - Captured;

    public double PacketsPerSecond => Sent / Seconds;

    public double NanosecondsPerPacket => Busy.TotalNanoseconds / Math.Max(1, Captured);

    public double BytesPerPacket => (double)AllocatedBytes / Math.Max(1, Captured);
}
