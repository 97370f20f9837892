using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>A packet on its way: the cable that it comes in by, or the gateway, and what it is to its connection.</summary>
/// <param name="IsReply">It goes against the direction in which the connection was begun.</param>
internal sealed record Passage(string From, Packet Packet, ConnectionState State, bool IsReply = false)
{
    /// <summary>True when the lab shows that a packet was refused.</summary>
    /// <remarks>
    /// Nobody is told of an ICMP error that went wrong (RFC 1122, 3.2.2; RFC 4443, 2.4), the kernel answers only what carries a
    /// sum that it can check, and the answer to what belongs to no connection is kept in by <see cref="PolicyLab.Hush"/>.
    /// </remarks>
    public bool CanBeAnswered => Packet.Quoted is null && Packet.Protocol != Packet.Experiment && State != ConnectionState.Invalid;

    public override string ToString() => $"{State}{(IsReply ? " reply" : "")} by {From}: {Packet}";
}
