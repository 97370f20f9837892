namespace Appliance.Evaluation.Windows;

/// <summary>When each packet of an attack is sent, so that its mean rate is a wanted one; never sooner than it was recorded.</summary>
internal sealed class Tempo(CaptureShape attack, double packetsPerSecond)
{
    private const double NanosecondsPerSecond = 1e9;

    private readonly double _stretch = Math.Max(1, attack.Rate / packetsPerSecond);

    /// <summary>Nanoseconds after the first packet.</summary>
    /// <param name="index">Of the packet, from 0.</param>
    /// <param name="time">When it was recorded.</param>
    public long Of(long index, long time) => attack.Rate > 0
        ? (long)(Math.Max(0, time - attack.Start) * _stretch)
        // Some captures give all packets one time.
        : (long)(index * NanosecondsPerSecond / packetsPerSecond);
}
