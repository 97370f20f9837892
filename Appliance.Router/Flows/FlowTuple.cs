using System.Runtime.CompilerServices;
using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>Both ends of a conversation in an order that does not depend on who sends.</summary>
/// <remarks>The order is that of Community ID v1: the lower address first, then the lower port.</remarks>
internal readonly record struct FlowTuple(UInt128 Low, UInt128 High, ushort LowPort, ushort HighPort, byte Protocol, bool IsSourceLow)
{
    public static FlowTuple Of(in Packet packet) =>
        Of(packet.Source, packet.Destination, packet.SourcePort, packet.DestinationPort, packet.Protocol);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlowTuple Of(UInt128 source, UInt128 destination, ushort sourcePort, ushort destinationPort, byte protocol)
    {
        // An ICMP message that nothing answers is a conversation of its own in each direction, so it is not turned.
        var isOrdered = source < destination || (source == destination && sourcePort <= destinationPort)
            || (protocol is IPProtocol.Icmp or IPProtocol.IcmpV6 && IcmpTypes.OppositeOf(protocol, (byte)sourcePort) is null);
        return isOrdered
            ? new(source, destination, sourcePort, destinationPort, protocol, IsSourceLow: true)
            : new(destination, source, destinationPort, sourcePort, protocol, IsSourceLow: false);
    }

    /// <summary>A mix of the low bits, cheap and easy to foresee.</summary>
    public uint Mix => (uint)Low ^ (uint)High ^ ((uint)Low >> 8) ^ ((uint)High >> 16) ^ LowPort ^ HighPort ^ ((uint)LowPort >> 8);

    /// <summary>A hash that nobody outside can foresee, so that no traffic can be made to collide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Hash(ulong seed)
    {
        var addresses = Fold((ulong)Low ^ seed, (ulong)High ^ 0x9e37_79b9_7f4a_7c15);
        var prefixes = Fold((ulong)(Low >> 64) ^ 0xe703_7ed1_a0b4_28db, (ulong)(High >> 64) ^ seed);
        var rest = ((ulong)LowPort << 24) | ((ulong)HighPort << 8) | Protocol;
        return (uint)Fold(addresses ^ rest ^ seed, prefixes ^ 0x8ebc_6af0_9c88_c6e3);
    }

    // The multiply and fold of wyhash: every bit of both reaches every bit of the result.
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
