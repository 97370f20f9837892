using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Authorization;

/// <summary>Who may call a method: people from a kind upwards, if any, and the nodes of some roles.</summary>
internal sealed record Access(PeerKind? Least, IReadOnlyList<Role> Nodes)
{
    /// <summary>For those who have no certificate yet. On the gRPC listener everyone has one, so nobody may call it there.</summary>
    public static readonly Access WithoutCertificate = new(null, []);

    public bool Allows(PeerIdentity peer) => peer.Kind == PeerKind.Node
        ? peer.Role is { } role && Nodes.Contains(role)
        : Least is { } least && Rank(peer.Kind) >= Rank(least);

    public string Words { get; } = Least is null && Nodes.Count == 0
        ? "the enrollment port, where no certificate is asked for"
        : string.Join(" or ", People(Least).Concat(Nodes.Select(node => $"a {node.Word()} node")));

    private static IEnumerable<string> People(PeerKind? least) => least switch
    {
        null => [],
        PeerKind.Admin => ["an admin"],
        { } kind => [$"{PeerIdentity.KindWord(kind)} or above"],
    };

    // Admin may do what an operator may, an operator what a reader may. A subscriber is outside: MQTT is all it gets.
    private static int Rank(PeerKind kind) => kind switch
    {
        PeerKind.Admin => 3,
        PeerKind.Operator => 2,
        PeerKind.Reader => 1,
        _ => 0,
    };
}
