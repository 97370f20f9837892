using Appliance.Router.Decoding;

namespace Appliance.Router;

/// <summary>What has gone down the packet's path since it was laid.</summary>
/// <remarks>Bytes are by the original length of the frames; flows are those begun so far.</remarks>
public readonly record struct PathTotals(
    long Packets,
    long Bytes,
    long UndecodedPackets,
    long Flows,
    int ActiveFlows,
    long EvictedFlows,
    long UntrackedLogins,
    long UnreadFacts,
    long EvictedFirstBytes,
    FragmentLosses LostDatagrams)
{
    public static PathTotals operator +(PathTotals left, PathTotals right) => new(
        left.Packets + right.Packets,
        left.Bytes + right.Bytes,
        left.UndecodedPackets + right.UndecodedPackets,
        left.Flows + right.Flows,
        left.ActiveFlows + right.ActiveFlows,
        left.EvictedFlows + right.EvictedFlows,
        left.UntrackedLogins + right.UntrackedLogins,
        left.UnreadFacts + right.UnreadFacts,
        left.EvictedFirstBytes + right.EvictedFirstBytes,
        left.LostDatagrams + right.LostDatagrams);
}
