using System.Globalization;

namespace Appliance.Hosting.Enrollment;

/// <summary>What a flashed node is told about itself: who it is, where it stands in the network, and whom it trusts.</summary>
public sealed record NodeFile
{
    /// <summary>The one form of the file that there is so far.</summary>
    public const int Schema = 1;

    /// <summary>The place that an image keeps for it, and so the most that it may have with its padding.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Stands among the addresses where the network gives one.</summary>
    public const string Dhcp = "dhcp";

    /// <summary>The port of a board's module, as every image has the kernel name it; the one that tagged networks are on where the file names none.</summary>
    public const string BoardPort = "eth0";

    public required string Site { get; init; }

    public required string Name { get; init; }

    /// <summary>The first of its roles, and the only one of most nodes.</summary>
    public required Role Role { get; init; }

    /// <summary>What it does besides, as the BMC role beside a Logger.</summary>
    public IReadOnlyList<FurtherRole> FurtherRoles { get; init; } = [];

    public IEnumerable<Role> Roles => [Role, .. FurtherRoles.Select(further => further.Role)];

    /// <summary>The node's own, each with the length of its network's prefix; or <see cref="Dhcp"/> alone. Empty beside <see cref="Vlans"/>: the port takes tagged frames alone.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [Dhcp];

    public string Gateway { get; init; } = "";

    public IReadOnlyList<string> Dns { get; init; } = [];

    public IReadOnlyList<NodeVlan> Vlans { get; init; } = [];

    /// <summary>Name or pattern of the network port; empty: every wired one.</summary>
    public string Interface { get; init; } = "";

    /// <summary>Host name or address of the site's router; empty on the router itself.</summary>
    public string Router { get; init; } = "";

    /// <summary>Further keys of the role's configuration.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The site's authority as PEM.</summary>
    public required string Authority { get; init; }

    /// <summary>SHA-256 of the authority's certificate in lower-case hex.</summary>
    public required string AuthoritySha256 { get; init; }

    /// <summary>Lets the node ask for its first role's certificate, once; empty in a router's file.</summary>
    public string Token { get; init; } = "";

    /// <summary>The authority's key as PEM, in a router's file only: it moves to the router with it.</summary>
    public string AuthorityKey { get; init; } = "";

    /// <summary>Base64 of the authority's signature over all the rest.</summary>
    public string Signature { get; init; } = "";

    /// <summary>The device of a tagged network, by the name that the shipped policies use for it: port, dot, number.</summary>
    public string Device(NodeVlan vlan) => $"{(Interface.Length > 0 ? Interface : BoardPort)}.{vlan.Id.ToString(CultureInfo.InvariantCulture)}";

    // The compiler's own text would hold the key and the token.
    public override string ToString() => $"{string.Join('+', Roles.Select(role => role.Word()))} {Name} of site {Site}";

    /// <summary>The token for the certificate of one of its roles.</summary>
    public string TokenOf(Role role) => role == Role ? Token : FurtherRoles.Single(further => further.Role == role).Token;
}
