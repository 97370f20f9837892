using System.Net;
using Appliance.Logger.Alerts;
using Appliance.Protos.Rules.V1;

namespace Appliance.Logger.Site;

/// <summary>Blocks as they come from the Router.</summary>
internal static class BlockWire
{
    private const int MaxWord = 64;
    private const int MaxReason = 256;

    public static ActiveBlock Read(Block wire) => new(
        wire.Id,
        Target(wire),
        wire.Action == Block.Types.Action.RateLimit,
        wire.Enforcement != Block.Types.Enforcement.Active,
        HostileText.Clean(wire.Reason, MaxReason),
        HostileText.Clean(wire.AlertId, MaxWord),
        HostileText.Clean(wire.Creator, 2 * MaxWord),
        WireTime.ReadOrFirst(wire.CreateTime),
        WireTime.ReadOrFirst(wire.ExpireTime),
        (int)Math.Min(wire.PacketsPerSecond, int.MaxValue));

    /// <summary>What the block means for its alert. One that the kernel does not have is "would-block", a rate limit too: the contract has no weaker word.</summary>
    public static AlertAction ActionOf(ActiveBlock block) => block switch
    {
        { IsRendered: true } => AlertAction.WouldBlock,
        { IsRateLimit: true } => AlertAction.RateLimited,
        _ => AlertAction.Blocked,
    };

    private static string Target(Block wire) => wire.TargetCase switch
    {
        Block.TargetOneofCase.Address when wire.Address.Length is 4 or 16 => new IPAddress(wire.Address.Span).ToString(),
        Block.TargetOneofCase.Mac => MacText.Of(wire.Mac.Span),
        _ => "",
    };
}
