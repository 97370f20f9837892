using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Hosting.Identity;

/// <summary>Who a certificate speaks for, as its one URI SAN says; role is set for nodes only.</summary>
public sealed record PeerIdentity(string Site, PeerKind Kind, string Name, Role? Role)
{
    private const string Scheme = "spiffe://";
    private const int MaxNameLength = 63;

    /// <summary>The node over whose connection a person with a session acts; null for whoever shows a certificate of its own.</summary>
    public PeerIdentity? Via { get; init; }

    public static PeerIdentity OfNode(string site, string name, Role role) => new(site, PeerKind.Node, name, role);

    public static PeerIdentity OfPerson(string site, PeerKind kind, string name) => new(site, kind, name, null);

    /// <summary>Reads <c>spiffe://SITE/node/NAME/ROLE</c> or <c>spiffe://SITE/KIND/NAME</c>.</summary>
    public static bool TryParse(string uri, [NotNullWhen(true)] out PeerIdentity? identity)
    {
        identity = null;
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = uri[Scheme.Length..].Split('/');
        if (parts.Length is not (3 or 4) || !IsSite(parts[0]) || !TryKind(parts[1], out var kind) || !IsName(parts[2]))
        {
            return false;
        }

        if (kind == PeerKind.Node)
        {
            identity = parts.Length == 4 && RoleNames.TryParse(parts[3], out var role) ? OfNode(parts[0], parts[2], role) : null;
        }
        else if (parts.Length == 3)
        {
            identity = OfPerson(parts[0], kind, parts[2]);
        }

        return identity is not null;
    }

    /// <summary>False where the certificate has no URI SAN, several (SPIFFE X.509-SVID, section 2), or one of another form.</summary>
    public static bool TryParse(X509Certificate2 certificate, [NotNullWhen(true)] out PeerIdentity? identity)
    {
        identity = null;
        return UriNames.TryReadSingle(certificate, out var uri) && TryParse(uri, out identity);
    }

    public static bool IsSite(string text) => text.Length is > 0 and <= MaxNameLength && text.All(IsNameCharacter);

    /// <summary>A DNS label, so that a node's name is a host name too.</summary>
    public static bool IsName(string text) => IsSite(text) && text[0] != '-' && text[^1] != '-';

    public override string ToString() => Via is null ? Uri : $"{Uri} via {Via}";

    private string Uri => Kind == PeerKind.Node
        ? $"{Scheme}{Site}/node/{Name}/{Role?.Word()}"
        : $"{Scheme}{Site}/{KindWord(Kind)}/{Name}";

    public static string KindWord(PeerKind kind) => kind switch
    {
        PeerKind.Node => "node",
        PeerKind.Admin => "admin",
        PeerKind.Operator => "operator",
        PeerKind.Reader => "reader",
        PeerKind.Subscriber => "subscriber",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Kind is not known."),
    };

    public static bool TryKind(string word, out PeerKind kind)
    {
        foreach (var candidate in Enum.GetValues<PeerKind>())
        {
            if (KindWord(candidate) == word)
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-';
}
