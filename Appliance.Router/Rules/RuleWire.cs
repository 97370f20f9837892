using Appliance.Hosting.Errors;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Rules.V1;

namespace Appliance.Router.Rules;

/// <summary>Between the domain's types and those of <c>appliance.rules.v1</c>.</summary>
internal static class RuleWire
{
    public const int DefaultPacketsPerSecond = 100;

    /// <summary>The base rules in the order in which they are tried, as the built-in ones that stand before every other.</summary>
    public static IEnumerable<Wire.Rule> ToWire(IReadOnlyList<FirewallRule> rules) => rules.Select((rule, index) => new Wire.Rule
    {
        Id = rule.Id,
        Name = rule.Description,
        // Built-in rules have negative numbers, so the last one is -1.
        Order = index - rules.Count,
        Action = ToAction(rule.Text),
        BuiltIn = true,
        Text = rule.Text,
    });

    public static Wire.Block ToWire(Block block, bool isEnforced)
    {
        var wire = new Wire.Block
        {
            Id = block.Id,
            Action = ToAction(block.Action),
            Enforcement = isEnforced ? Wire.Block.Types.Enforcement.Active : Wire.Block.Types.Enforcement.Rendered,
            Reason = block.Reason,
            AlertId = block.AlertId,
            Creator = block.Creator,
            CreateTime = Timestamp.FromDateTimeOffset(block.CreateTime),
            ExpireTime = Timestamp.FromDateTimeOffset(block.ExpireTime),
            PacketsPerSecond = (uint)block.PacketsPerSecond,
        };
        if (block.Target.Kind == TargetKind.Mac)
        {
            wire.Mac = ByteString.CopyFrom(block.Target.ToBytes());
        }
        else
        {
            wire.Address = ByteString.CopyFrom(block.Target.ToBytes());
        }

        return wire;
    }

    public static Wire.ProtectedAddress ToWire(ProtectedAddress address) => new()
    {
        Id = address.Id,
        Network = address.Range.ToString(),
        Reason = address.Reason,
        BuiltIn = address.IsBuiltIn,
    };

    public static BlockRequest ToRequest(Wire.CreateBlockRequest wire, string creator, TimeSpan defaultDuration) => new(
        ToTarget(wire),
        ToAction(wire.Action),
        ToTimeSpan(wire.Duration) ?? defaultDuration,
        wire.Reason,
        creator)
    {
        RequestId = wire.RequestId,
        PacketsPerSecond = wire.PacketsPerSecond == 0 ? DefaultPacketsPerSecond : (int)Math.Min(wire.PacketsPerSecond, int.MaxValue),
    };

    public static TargetRange ToRange(string network) => TargetRange.TryParse(network, out var range)
        ? range
        : throw new InvalidInputException("network", $"is '{network}'; write a network such as 192.168.1.0/24, an address or a MAC address");

    // A rule's last word is its verdict; one that ends otherwise has no action that this contract names.
    private static Wire.Rule.Types.Action ToAction(string text) => text[(text.LastIndexOf(' ') + 1)..] switch
    {
        "accept" => Wire.Rule.Types.Action.Accept,
        "drop" => Wire.Rule.Types.Action.Drop,
        _ => Wire.Rule.Types.Action.Unspecified,
    };

    private static BlockTarget ToTarget(Wire.CreateBlockRequest wire)
    {
        switch (wire.TargetCase)
        {
            case Wire.CreateBlockRequest.TargetOneofCase.Address when BlockTarget.TryFromAddressBytes(wire.Address.Span, out var address):
                return address;
            case Wire.CreateBlockRequest.TargetOneofCase.Mac when BlockTarget.TryFromMacBytes(wire.Mac.Span, out var mac):
                return mac;
            case Wire.CreateBlockRequest.TargetOneofCase.Address:
                throw new InvalidInputException("address", $"has {wire.Address.Length} bytes; an IP address has 4 or 16");
            case Wire.CreateBlockRequest.TargetOneofCase.Mac:
                throw new InvalidInputException("mac", $"has {wire.Mac.Length} bytes; a MAC address has {BlockTarget.MacBytes}");
            default:
                throw new InvalidInputException("target", "is not set; give address or mac");
        }
    }

    private static BlockAction ToAction(Wire.Block.Types.Action action) => action switch
    {
        Wire.Block.Types.Action.Drop => BlockAction.Drop,
        Wire.Block.Types.Action.RateLimit => BlockAction.RateLimit,
        Wire.Block.Types.Action.Quarantine => BlockAction.Quarantine,
        _ => throw new InvalidInputException("action", $"is {action}; ask for ACTION_DROP, ACTION_RATE_LIMIT or ACTION_QUARANTINE"),
    };

    private static Wire.Block.Types.Action ToAction(BlockAction action) => action switch
    {
        BlockAction.Drop => Wire.Block.Types.Action.Drop,
        BlockAction.RateLimit => Wire.Block.Types.Action.RateLimit,
        _ => Wire.Block.Types.Action.Quarantine,
    };

    private static TimeSpan? ToTimeSpan(Duration? duration)
    {
        // What does not fit a TimeSpan is far beyond the longest block, and is refused with its bounds.
        const long Most = 100L * 365 * 86400;
        return duration is null ? null : TimeSpan.FromSeconds(Math.Clamp(duration.Seconds, -Most, Most)) + TimeSpan.FromTicks(duration.Nanos / 100);
    }
}
