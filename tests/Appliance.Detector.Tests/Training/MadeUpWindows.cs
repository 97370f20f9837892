using Appliance.Detector.Features;
using Appliance.Detector.Training;

namespace Appliance.Detector.Tests.Training;

/// <summary>Two kinds of devices with habits: enough to learn from, quickly.</summary>
internal static class MadeUpWindows
{
    public static TrainingCapture Capture(int count = 200, int seed = 7)
    {
        var random = new Random(seed);
        return new TrainingCapture("made-up", [.. Enumerable.Range(0, count).Select(i => Window(random, i))]);
    }

    public static DeviceWindow Window(Random random, int index)
    {
        var values = new float[FeatureSchema.Count];
        var isCamera = index % 2 == 0;
        values[(int)Feature.AskedFlows] = isCamera ? 1 : random.Next(2, 6);
        values[(int)Feature.AskedTcpFlows] = values[(int)Feature.AskedFlows];
        values[(int)Feature.AskedAnswered] = values[(int)Feature.AskedFlows];
        values[(int)Feature.AskedDestinations] = 1;
        values[(int)Feature.AskedServices] = 1;
        values[(int)Feature.AskedPairs] = 1;
        values[(int)Feature.AskedBytesOut] = isCamera ? 200_000 + random.Next(50_000) : 800 + random.Next(200);
        values[(int)Feature.AskedBytesIn] = 5_000 + random.Next(1_000);
        values[(int)Feature.GapSeconds] = isCamera ? 8 : 2 + random.NextSingle();
        return new DeviceWindow(isCamera ? "camera" : "thermostat", 1_767_225_600_000_000_000 + (index * 10_000_000_000L), values);
    }
}
