using Appliance.Detector.Flows;

namespace Appliance.Detector.Features;

/// <summary>What flows that the device began add to its window.</summary>
internal static class AskedGrowth
{
    private const int TinyPackets = 2;

    public static void Count(DeviceTally tally, in FlowEvent told, in FlowGrowth growth)
    {
        var share = GrowthShare.Of(told, growth);
        tally[Feature.AskedPacketsOut] += share.PacketsOut;
        tally[Feature.AskedPacketsIn] += share.PacketsIn;
        tally[Feature.AskedBytesOut] += share.BytesOut;
        tally[Feature.AskedBytesIn] += share.BytesIn;
        tally[Feature.LoginFailures] += growth.LoginFailures;
        tally[Feature.LoginSuccesses] += growth.LoginSuccesses;
        if (told.Flow.Application == ApplicationKind.Dns)
        {
            tally.Dns(share.PacketsOut, share.BytesOut, share.PacketsIn, share.BytesIn);
        }

        if (IpProtocol.IsIcmp(told.Flow.Key.Protocol))
        {
            tally.Icmp(share.PacketsOut, share.BytesOut);
        }
    }

    public static void CountEnd(DeviceTally tally, in Flow flow, bool isToGroup)
    {
        var packets = flow.PacketsOut + flow.PacketsIn;
        tally.End((flow.EndTime - flow.StartTime) / (double)TimeSpan.NanosecondsPerTick / TimeSpan.TicksPerSecond, packets);
        tally[Feature.EndedTiny] += packets <= TinyPackets ? 1 : 0;
        tally[Feature.EndedByReset] += flow.EndReason == EndReason.Reset ? 1 : 0;
        tally[Feature.AskedSilent] += !isToGroup && IsSilent(flow) ? 1 : 0;
        switch (flow.Application)
        {
            case ApplicationKind.Tls or ApplicationKind.Ssh:
                tally[Feature.EncryptedFlows]++;
                break;
            case ApplicationKind.Ftp or ApplicationKind.Http or ApplicationKind.Telnet or ApplicationKind.Mqtt:
                tally[Feature.PlainFlows]++;
                break;
        }
    }

    /// <summary>Over without an answer, as far as that is known.</summary>
    public static bool IsSilent(in Flow flow) =>
        flow.State == FlowState.Unanswered && !flow.IsMidstream && flow.EndReason != EndReason.Evicted;
}
