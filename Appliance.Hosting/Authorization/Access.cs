using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Authorization;

/// <summary>Who may call a method: people from a kind upwards, and the nodes of some roles.</summary>
internal sealed record Access(PeerKind Least, IReadOnlyList<Role> Nodes)
{
    public bool Allows(PeerIdentity peer) => peer.Kind == PeerKind.Node
        ? peer.Role is { } role && Nodes.Contains(role)
        : Rank(peer.Kind) >= Rank(Least);

    public string Words { get; } = string.Join(
        " or ",
        Nodes.Select(node => $"a {node.Word()} node").Prepend(Least == PeerKind.Admin ? "an admin" : $"{PeerIdentity.KindWord(Least)} or above"));

    // Admin may do what an operator may, an operator what a reader may. A subscriber is outside: MQTT is all it gets.
    private static int Rank(PeerKind kind) => kind switch
    {
        PeerKind.Admin => 3,
        PeerKind.Operator => 2,
        PeerKind.Reader => 1,
        _ => 0,
    };
}
