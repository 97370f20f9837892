using System.Net;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>What the firewall has to do with a packet, by the words of its contract and without a thought of how a kernel is told.</summary>
/// <remarks>Time, rates and port forwards are not in it; tests of their own try them.</remarks>
internal sealed class ReferenceFirewall(FirewallState state, DateTimeOffset now)
{
    private const string Gateway = PolicyLab.Gateway;

    // RFC 6890 and its kin, as far as tests send from there.
    private static readonly IReadOnlyList<TargetRange> Bogons =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "2001:db8::/32", "fc00::/7", "ff00::/8",
        }.Select(Range),
    ];

    private static readonly IReadOnlyList<int> ManagementPorts = [7443, 7444, 7445, 7446, 7450, 8443];

    private readonly FirewallPolicy _policy = state.Policy;

    public Decision Decide(Passage passage)
    {
        var way = Site.WayTo(passage.Packet.Destination);
        var counted = new List<string>();
        var fate = Judge(passage, way, counted);
        var source = fate == Fate.Passed ? Translate(passage, way, counted) : null;
        return new Decision(fate, fate == Fate.Passed ? way : "", source, counted);
    }

    private Fate Judge(Passage passage, string way, List<string> counted)
    {
        var isOwn = passage.From == Gateway;
        if (!isOwn && IsTurnedAway(passage))
        {
            return Fate.Dropped;
        }

        if (!isOwn && JudgeStation(passage, way) is { } judged)
        {
            return judged;
        }

        if (_policy.Zones.Count == 0)
        {
            return Fate.Passed;
        }

        var isKnown = passage.State is ConnectionState.Established or ConnectionState.Related;
        if (isOwn && isKnown)
        {
            // Answers of the gateway leave whatever the rules say.
            return Fate.Passed;
        }

        if (TryRules(passage, way, isEarly: true, counted) is { } early)
        {
            return early;
        }

        if (isKnown || passage.State == ConnectionState.Invalid)
        {
            return isKnown ? Fate.Passed : Fate.Dropped;
        }

        return way == Gateway && IsAlwaysLetIn(passage)
            ? Fate.Passed
            : TryRules(passage, way, isEarly: false, counted) ?? ByDefault(passage, way);
    }

    /// <summary>The checks at the door: who cannot be who he says.</summary>
    private bool IsTurnedAway(Passage passage)
    {
        if (_policy.Zones.Count == 0)
        {
            return false;
        }

        var source = BlockTarget.From(passage.Packet.Source);
        return (_policy.Protections.AntiSpoofing && Site.WayTo(passage.Packet.Source) != passage.From)
            || (_policy.Protections.DropBogons && ZoneOf(passage.From) is { IsOutside: true } && Bogons.Any(network => network.Contains(source)));
    }

    /// <summary>Blocks, and what stations are kept from; before every rule.</summary>
    private Fate? JudgeStation(Passage passage, string way)
    {
        var source = BlockTarget.From(passage.Packet.Source);
        var station = new BlockTarget(TargetKind.Mac, passage.Packet.Station!.Value.Value);
        if (IsBlocked(station, BlockAction.Drop) || IsBlocked(source, BlockAction.Drop))
        {
            return Fate.Dropped;
        }

        var needsOnlyServices = IsBlocked(station, BlockAction.Quarantine) || IsLimited(station, DeviceLimit.Resting);
        var mayBeginOutwardOnly = IsLimited(station, DeviceLimit.InternetOnly);

        // What belongs to no connection begins none either.
        var begins = !passage.IsReply && passage.State != ConnectionState.Invalid;
        if (way == Gateway)
        {
            return needsOnlyServices || mayBeginOutwardOnly
                ? IsService(passage) ? Fate.Passed : needsOnlyServices || begins ? Fate.Dropped : null
                : null;
        }

        var isOutward = _policy.Zones.Any(zone => zone.IsOutside) ? ZoneOf(way) is { IsOutside: true } : way == "wan";
        return needsOnlyServices
            || (mayBeginOutwardOnly && !isOutward && begins)
            || (isOutward && IsLimited(station, DeviceLimit.LanOnly)) ? Fate.Dropped : null;
    }

    private bool IsBlocked(BlockTarget target, BlockAction action) =>
        !state.Protected.Any(range => range.Contains(target))
        && state.Blocks.Any(block => block.Target == target && block.Action == action && !block.IsDryRun && block.ExpireTime > now);

    private bool IsLimited(BlockTarget station, DeviceLimit limit) => state.Devices.Contains(new LimitedDevice(station, limit));

    /// <summary>DHCP, DNS and NTP of the gateway, and answers to what it asks itself.</summary>
    private static bool IsService(Passage passage) => IsServed(passage.Packet)
        || (passage.IsReply && passage.State is ConnectionState.Established or ConnectionState.Related);

    private static bool IsServed(Packet packet) =>
        (packet.Protocol == Packet.UdpProtocol && packet.DestinationPort is 53 or 67 or 123 or 547) || (packet.Protocol == Packet.TcpProtocol && packet.DestinationPort == 53);

    private bool IsAlwaysLetIn(Passage passage)
    {
        var (packet, zone) = (passage.Packet, ZoneOf(passage.From));
        return (packet.IsIcmp && packet.Type == (packet.IsIPv6 ? 128 : 8))
            || (zone is { IsManagement: true } && packet.Protocol == Packet.TcpProtocol && ManagementPorts.Contains(packet.DestinationPort))
            || (zone is { IsServed: true } && IsServed(packet));
    }

    private Fate? TryRules(Passage passage, string way, bool isEarly, List<string> counted)
    {
        foreach (var rule in _policy.InOrder.Where(rule => !IsTranslation(rule) && IsEarly(rule) == isEarly && Matches(rule.Match, passage, way)))
        {
            counted.Add(rule.Id);
            switch (rule.Action)
            {
                case RuleAction.Accept:
                    return Fate.Passed;
                case RuleAction.Drop:
                    return Fate.Dropped;
                case RuleAction.Reject:
                    return Fate.Refused;
                default:
                    continue;
            }
        }

        return null;
    }

    private Fate ByDefault(Passage passage, string way)
    {
        var (from, to) = (NameOf(passage.From), NameOf(way));
        return _policy.Defaults.FirstOrDefault(one => one.Source == from && one.Destination == to)?.Action switch
        {
            RuleAction.Accept => Fate.Passed,
            RuleAction.Reject => Fate.Refused,
            RuleAction.Drop => Fate.Dropped,
            _ => from == Zone.Gateway ? Fate.Passed : Fate.Dropped,
        };
    }

    /// <summary>The source address that a packet leaves with; decided by a connection's first packet.</summary>
    private IPAddress Translate(Passage passage, string way, List<string> counted)
    {
        var packet = passage.Packet;
        if (packet.IsIPv6 || passage.State != ConnectionState.New || way == Gateway || passage.From == Gateway || _policy.Zones.Count == 0
            || _policy.InOrder.FirstOrDefault(rule => IsTranslation(rule) && Matches(rule.Match, passage, way)) is not { } rule)
        {
            return packet.Source;
        }

        counted.Add(rule.Id);
        return rule.Action == RuleAction.Masquerade ? Site.Own4(way) : rule.TranslateTo!;
    }

    private static bool IsTranslation(PolicyRule rule) => rule.Action is RuleAction.Masquerade or RuleAction.SourceNat;

    private static bool IsEarly(PolicyRule rule) => rule.Match.States.Any(each => each != ConnectionState.New);

    private bool Matches(RuleMatch match, Passage passage, string way)
    {
        var packet = passage.Packet;
        return IsFrom(match, passage.From)
            && (match.DestinationZones.Count == 0 || match.DestinationZones.Contains(NameOf(way)))
            && IsWithin(match.SourceNetworks, match.SourceFeeds, packet.Source)
            && IsWithin(match.DestinationNetworks, match.DestinationFeeds, packet.Destination)
            && (match.SourceDevices.Count == 0 || (passage.From != Gateway && match.SourceDevices.Contains(packet.Station!.Value)))
            && (match.Protocols.Count == 0 || match.Protocols.Contains(packet.Protocol))
            && HasPorts(match, packet)
            && (match.IcmpTypes.Count == 0 || (packet.IsIcmp && match.IcmpTypes.Contains(packet.Type)))
            && (match.States.Count == 0 || match.States.Contains(passage.State));
    }

    // What the gateway itself sends is the business of those rules alone that name it.
    private bool IsFrom(RuleMatch match, string from) => from == Gateway
        ? match.SourceZones.Contains(Zone.Gateway)
        : match.SourceZones.Count == 0 || match.SourceZones.Contains(NameOf(from));

    private bool IsWithin(IReadOnlyList<TargetRange> networks, IReadOnlyList<string> feeds, IPAddress address)
    {
        var target = BlockTarget.From(address);
        return (networks.Count == 0 || networks.Any(network => network.Contains(target)))
            && (feeds.Count == 0 || state.AddressSets.Any(set => feeds.Contains(set.Id) && set.Networks.Any(network => network.Contains(target))));
    }

    private static bool HasPorts(RuleMatch match, Packet packet) => match.SourcePorts.Count + match.DestinationPorts.Count == 0
        || (packet.Protocol is Packet.TcpProtocol or Packet.UdpProtocol
            && (match.SourcePorts.Count == 0 || match.SourcePorts.Any(range => range.Contains(packet.SourcePort)))
            && (match.DestinationPorts.Count == 0 || match.DestinationPorts.Any(range => range.Contains(packet.DestinationPort))));

    private Zone? ZoneOf(string cable) => _policy.Zones.FirstOrDefault(zone => zone.Interfaces.Contains(cable));

    // Of a cable in no zone, a name that no rule can have.
    private string NameOf(string place) => place == Gateway ? Zone.Gateway : ZoneOf(place)?.Name ?? "";
}
