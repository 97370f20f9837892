using Appliance.Router.Decoding;
using Appliance.Router.Flows;

namespace Appliance.Router.Traffic;

/// <summary>Both ends of a conversation in an order that does not depend on who sends; echo requests of any id are one.</summary>
internal readonly record struct ConnectionEnds(UInt128 Low, UInt128 High, ushort LowPort, ushort HighPort, byte Protocol)
{
    public static ConnectionEnds Of(in FlowKey key)
    {
        var isIcmp = key.Protocol is IPProtocol.Icmp or IPProtocol.IcmpV6;
        var (sourcePort, destinationPort) = isIcmp ? ((ushort)0, (ushort)0) : (key.SourcePort, key.DestinationPort);
        var isOrdered = key.Source < key.Destination || (key.Source == key.Destination && sourcePort <= destinationPort);
        return isOrdered
            ? new(key.Source, key.Destination, sourcePort, destinationPort, key.Protocol)
            : new(key.Destination, key.Source, destinationPort, sourcePort, key.Protocol);
    }
}
