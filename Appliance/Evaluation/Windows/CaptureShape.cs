using Appliance.Router.Capture;

namespace Appliance.Evaluation.Windows;

/// <summary>Extent of a capture, or of the part of it within a time window.</summary>
internal readonly record struct CaptureShape(long Packets, long Start, long End)
{
    private const double NanosecondsPerSecond = 1e9;

    public double Seconds => (End - Start) / NanosecondsPerSecond;

    /// <summary>Packets a second; 0 where the clock stands still.</summary>
    public double Rate => End > Start ? Packets / Seconds : 0;

    public static CaptureShape Measure(string path, TimeWindow? window)
    {
        using var capture = new CaptureFile(path);
        long packets = 0, start = long.MaxValue, end = long.MinValue;
        while (capture.Read(out var frame) == ReadOutcome.Frame)
        {
            if (window is { } part && (frame.Time < part.Start || frame.Time > part.End))
            {
                continue;
            }

            packets++;
            start = Math.Min(start, frame.Time);
            end = Math.Max(end, frame.Time);
        }

        return packets == 0 ? default : new CaptureShape(packets, start, end);
    }
}
