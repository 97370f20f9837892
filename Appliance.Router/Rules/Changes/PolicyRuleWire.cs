using System.Globalization;
using System.Net;
using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Policy;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Rules.V1;

namespace Appliance.Router.Rules.Changes;

/// <summary>Between people's rules and their form in the contract.</summary>
internal static class PolicyRuleWire
{
    private static readonly string[] Writable = ["name", "order", "disabled", "match", "action", "log", "forward_to", "translate_to"];

    /// <summary>As it is in files: no etag, and nothing that the Router only tells.</summary>
    public static Wire.Rule ToPlainWire(PolicyRule rule) => new()
    {
        Id = rule.Id,
        Name = rule.Name,
        Order = rule.Order,
        Disabled = rule.IsDisabled,
        Match = MatchWire.ToWire(rule.Match),
        Action = ToWire(rule.Action),
        Log = rule.IsLogged,
        ForwardTo = rule.ForwardTo is null ? "" : rule.ForwardTo.Port == 0 ? rule.ForwardTo.Address.ToString() : rule.ForwardTo.ToString(),
        TranslateTo = rule.TranslateTo?.ToString() ?? "",
    };

    public static Wire.Rule ToWire(PolicyRule rule)
    {
        var wire = ToPlainWire(rule);
        wire.Etag = PolicyWire.EtagOf(rule);
        return wire;
    }

    // Actions have the numbers of the contract.
    public static Wire.Rule.Types.Action ToWire(RuleAction action) => (Wire.Rule.Types.Action)action;

    public static PolicyRule FromWire(Wire.Rule wire, string path, List<FieldFault> faults) =>
        new(wire.Id, wire.Name, wire.Order, MatchWire.FromWire(wire.Match ?? new Wire.Match(), $"{path}.match", faults), ToAction(wire.Action, path, faults))
        {
            IsDisabled = wire.Disabled,
            IsLogged = wire.Log,
            ForwardTo = ToForward(wire.ForwardTo, path, faults),
            TranslateTo = ToAddress(wire.TranslateTo, path, faults),
        };

    /// <summary>Reads a rule that somebody sent alone; throws with all its faults.</summary>
    public static PolicyRule Read(Wire.Rule? wire)
    {
        var faults = new List<FieldFault>();
        var rule = FromWire(wire ?? throw new InvalidInputException("rule", "is not set"), "rule", faults);
        return faults.Count == 0 ? rule : throw new InvalidInputException(faults);
    }

    /// <summary>What an update makes of a rule: the fields of the mask are taken over, all that can be changed without one.</summary>
    public static Func<PolicyRule, PolicyRule> ToChange(Wire.UpdateRuleRequest request)
    {
        var wanted = request.Rule ?? throw new InvalidInputException("rule", "is not set; give its id and what to change");
        var paths = request.UpdateMask is { Paths.Count: > 0 } given ? given : new FieldMask { Paths = { Writable } };
        if (paths.Paths.FirstOrDefault(path => !Writable.Contains(path.Split('.')[0]) || !FieldMask.IsValid(Wire.Rule.Descriptor, path)) is { } unknown)
        {
            throw new InvalidInputException("update_mask", $"names '{unknown}'; {string.Join(", ", Writable)} can be changed, and fields of match such as match.protocols");
        }

        return rule =>
        {
            var merged = ToPlainWire(rule);
            paths.Merge(wanted, merged, new FieldMask.MergeOptions { ReplaceMessageFields = true, ReplaceRepeatedFields = true, ReplacePrimitiveFields = true });
            return Read(merged);
        };
    }

    private static RuleAction ToAction(Wire.Rule.Types.Action action, string path, List<FieldFault> faults)
    {
        if (action is > Wire.Rule.Types.Action.Unspecified and <= Wire.Rule.Types.Action.SourceNat)
        {
            return (RuleAction)action;
        }

        faults.Add(new FieldFault($"{path}.action", $"is {action}; give ACTION_ACCEPT, _DROP, _REJECT, _AUDIT, _MASQUERADE, _FORWARD or _SOURCE_NAT"));
        return RuleAction.None;
    }

    private static IPEndPoint? ToForward(string text, string path, List<FieldFault> faults)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        ushort port = 0;
        if (BlockTarget.TryParse(colon < 0 ? text : text[..colon], out var address) && address is { Kind: TargetKind.Address4, IsUnicast: true }
            && (colon < 0 || (ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0)))
        {
            return new IPEndPoint(new IPAddress(address.ToBytes()), port);
        }

        faults.Add(new FieldFault($"{path}.forward_to", $"is '{text}'; write an IPv4 address, with a port or without, such as 192.168.1.10:8080"));
        return null;
    }

    private static IPAddress? ToAddress(string text, string path, List<FieldFault> faults)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (BlockTarget.TryParse(text, out var address) && address is { Kind: TargetKind.Address4, IsUnicast: true })
        {
            return new IPAddress(address.ToBytes());
        }

        faults.Add(new FieldFault($"{path}.translate_to", $"is '{text}'; write an IPv4 address such as 192.0.2.1"));
        return null;
    }
}
