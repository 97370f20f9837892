using Appliance.Router.Decoding;
using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>One direction of a tracked connection; for ICMP the ports are type and code, and the id tells echo requests apart.</summary>
internal readonly record struct ConnectionTuple(FlowKey Ends, ushort IcmpId)
{
    public bool IsIPv4 => IPAddresses.IsIPv4(Ends.Source);

    public bool IsIcmp => Ends.Protocol is IPProtocol.Icmp or IPProtocol.IcmpV6;

    /// <summary>Answers go the other way, unless somebody translates: from where this goes to, to where it comes from.</summary>
    public bool IsAnsweredBy(in ConnectionTuple reply) =>
        reply.Ends.Source == Ends.Destination
        && reply.Ends.Destination == Ends.Source
        && (IsIcmp ? reply.IcmpId == IcmpId : reply.Ends.SourcePort == Ends.DestinationPort && reply.Ends.DestinationPort == Ends.SourcePort);

    public bool Has(UInt128 address) => Ends.Source == address || Ends.Destination == address;
}
