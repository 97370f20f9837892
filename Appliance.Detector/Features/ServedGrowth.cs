using Appliance.Detector.Flows;

namespace Appliance.Detector.Features;

/// <summary>What flows that others began add to a device's window.</summary>
internal static class ServedGrowth
{
    public static void Count(DeviceTally tally, in FlowEvent told, in FlowGrowth growth)
    {
        var share = GrowthShare.Of(told, growth);
        tally[Feature.ServedPacketsIn] += share.PacketsOut;
        tally[Feature.ServedBytesIn] += share.BytesOut;
        tally[Feature.ServedBytesOut] += share.BytesIn;
        tally[Feature.ServedLoginFailures] += growth.LoginFailures;
    }
}
