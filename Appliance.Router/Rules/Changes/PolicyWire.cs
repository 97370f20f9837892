using System.Security.Cryptography;
using System.Text;
using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Policy;
using Google.Protobuf;
using Wire = Appliance.Protos.Rules.V1;

namespace Appliance.Router.Rules.Changes;

/// <summary>Between a policy, its form in the contract, and the JSON of that, which is what lies on disk and in files.</summary>
internal static class PolicyWire
{
    // 64 bits of a digest: it tells two versions of one thing apart and keeps no secret.
    private const int EtagLength = 16;

    // A row that a later version wrote may hold fields that this one does not know.
    private static readonly JsonParser Stored = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
    private static readonly JsonParser Strict = new(JsonParser.Settings.Default);

    public static Wire.Policy ToWire(FirewallPolicy policy) => new()
    {
        Zones = { policy.Zones.Select(ToWire) },
        ZoneDefaults = { policy.Defaults.Select(ToWire) },
        Protections = new Wire.Protections
        {
            AntiSpoofing = policy.Protections.AntiSpoofing,
            DropBogons = policy.Protections.DropBogons,
            NewTcpPerSecond = (uint)policy.Protections.NewTcpPerSecond,
            ConnectionsPerDevice = (uint)policy.Protections.ConnectionsPerDevice,
            Flowtable = policy.Protections.Flowtable,
        },
        Rules = { policy.Rules.Select(PolicyRuleWire.ToPlainWire) },
    };

    /// <summary>What can't be read is left out and told as a fault of its field.</summary>
    public static FirewallPolicy FromWire(Wire.Policy wire, List<FieldFault> faults) => new(
        [.. wire.Zones.Select(FromWire)],
        [.. wire.ZoneDefaults.Select(FromWire)],
        FromWire(wire.Protections ?? new Wire.Protections()),
        [.. wire.Rules.Select((rule, index) => PolicyRuleWire.FromWire(rule, $"rules[{index}]", faults))]);

    public static string ToJson(FirewallPolicy policy) => JsonFormatter.Default.Format(ToWire(policy));

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static FirewallPolicy FromJson(string json) => FromWire(Stored.Parse<Wire.Policy>(json), []);

    /// <summary>Reads a file that people may have written; nothing in it may be unknown or wrong.</summary>
    public static FirewallPolicy FromFile(string json)
    {
        var faults = new List<FieldFault>();
        var policy = FromWire(Strict.Parse<Wire.Policy>(json), faults);
        return faults.Count == 0 ? policy : throw new InvalidInputException(faults);
    }

    public static string EtagOf(FirewallPolicy policy) => EtagOf(ToJson(policy));

    public static string EtagOf(PolicyRule rule) => EtagOf(JsonFormatter.Default.Format(PolicyRuleWire.ToPlainWire(rule)));

    private static string EtagOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..EtagLength];

    private static Wire.Zone ToWire(Zone zone) => new()
    {
        Name = zone.Name,
        Interfaces = { zone.Interfaces },
        Outside = zone.IsOutside,
        Management = zone.IsManagement,
        Served = zone.IsServed,
    };

    private static Wire.ZoneDefault ToWire(ZoneDefault entry) => new()
    {
        SourceZone = entry.Source,
        DestinationZone = entry.Destination,
        Action = PolicyRuleWire.ToWire(entry.Action),
    };

    private static Zone FromWire(Wire.Zone wire) => new(wire.Name, [.. wire.Interfaces])
    {
        IsOutside = wire.Outside,
        IsManagement = wire.Management,
        IsServed = wire.Served,
    };

    // An action that a zone default may not have is told by the policy's check, an unknown one as none.
    private static ZoneDefault FromWire(Wire.ZoneDefault wire) =>
        new(wire.SourceZone, wire.DestinationZone, Enum.IsDefined((RuleAction)wire.Action) ? (RuleAction)wire.Action : RuleAction.None);

    private static Protections FromWire(Wire.Protections wire) => new()
    {
        AntiSpoofing = wire.AntiSpoofing,
        DropBogons = wire.DropBogons,
        NewTcpPerSecond = (int)Math.Min(wire.NewTcpPerSecond, int.MaxValue),
        ConnectionsPerDevice = (int)Math.Min(wire.ConnectionsPerDevice, int.MaxValue),
        Flowtable = wire.Flowtable,
    };
}
