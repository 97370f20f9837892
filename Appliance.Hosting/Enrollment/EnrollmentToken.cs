using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Enrollment;

/// <summary>Lets one node ask for one certificate: which, until when, and by which further names and addresses it answers. Signed by the authority, so nothing has to be registered before.</summary>
public sealed record EnrollmentToken(string Site, string Name, Role Role, string Id, DateTimeOffset EndTime, IReadOnlyList<string> Hosts)
{
    /// <summary>One is about 300 bytes; each address adds some twenty.</summary>
    public const int MaxLength = 4096;

    /// <summary>Long enough for a node that is flashed now and mounted next week.</summary>
    public static readonly TimeSpan DefaultLife = TimeSpan.FromDays(14);

    private const int IdBytes = 16;
    private const int MaxHosts = 64;

    // Goes into the signature, so that nothing else that the key signs passes for a token.
    private static readonly byte[] Purpose = "appliance-enrollment-token."u8.ToArray();

    public PeerIdentity Identity => PeerIdentity.OfNode(Site, Name, Role);

    /// <summary>A token that nobody has had before.</summary>
    public static EnrollmentToken Make(PeerIdentity node, DateTimeOffset end, IReadOnlyList<string> hosts) =>
        new(node.Site, node.Name, node.Role ?? throw new ArgumentException("Only nodes enroll.", nameof(node)), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), DateTimeOffset.FromUnixTimeSeconds(end.ToUnixTimeSeconds()), hosts);

    /// <summary>The file with a fresh token for each of its roles; it has to be signed anew then.</summary>
    public static NodeFile Into(NodeFile file, DateTimeOffset end, SiteAuthority authority)
    {
        return file with { Token = Fresh(file.Role), FurtherRoles = [.. file.FurtherRoles.Select(further => further with { Token = Fresh(further.Role) })] };

        string Fresh(Role role) => Make(PeerIdentity.OfNode(file.Site, file.Name, role), end, NodeCertificate.Hosts(file)).Write(authority);
    }

    /// <summary>As text: the claims and the signature, both in base64url, with a dot between them.</summary>
    public string Write(SiteAuthority authority)
    {
        var claims = Base64Url.EncodeToString(Claims());
        return $"{claims}.{Base64Url.EncodeToString(authority.Sign([.. Purpose, .. Encoding.ASCII.GetBytes(claims)]))}";
    }

    /// <summary>False for everything that the authority did not sign as a token; whether it has ended is the reader's matter.</summary>
    public static bool TryRead(string text, X509Certificate2 authority, [NotNullWhen(true)] out EnrollmentToken? token)
    {
        token = null;
        if (text.Length is 0 or > MaxLength || text.Split('.') is not [var claims, var signature])
        {
            return false;
        }

        if (!TryDecode(claims, out var json) || !TryDecode(signature, out var signed) || signed.Length > SiteSignature.MaxLength)
        {
            return false;
        }

        return SiteSignature.IsGood([.. Purpose, .. Encoding.ASCII.GetBytes(claims)], signed, authority) && TryParse(json, out token);
    }

    // The compiler's own text would not hold the signature, but a log needs no more than this.
    public override string ToString() => $"token {Id} for {Identity} until {EndTime:u}";

    private byte[] Claims() => JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, object>(StringComparer.Ordinal)
    {
        ["end"] = EndTime.ToUnixTimeSeconds(),
        ["hosts"] = Hosts,
        ["id"] = Id,
        ["name"] = Name,
        ["role"] = Role.Word(),
        ["site"] = Site,
    });

    // Another spelling of the same bytes is no token.
    private static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        try
        {
            bytes = Base64Url.DecodeFromChars(text);
            return bytes.Length > 0 && Base64Url.EncodeToString(bytes) == text;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool TryParse(byte[] json, [NotNullWhen(true)] out EnrollmentToken? token)
    {
        token = null;
        try
        {
            using var claims = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
            var root = claims.RootElement;
            token = Utf8.IsValid(json)
                && Text(root, "site") is { } site && PeerIdentity.IsSite(site)
                && Text(root, "name") is { } name && PeerIdentity.IsName(name)
                && RoleNames.TryParse(Text(root, "role"), out var role)
                && Text(root, "id") is { Length: IdBytes * 2 } id && id.All(char.IsAsciiHexDigitLower)
                && root.TryGetProperty("end", out var end) && end.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
                && root.TryGetProperty("hosts", out var hosts) && hosts.GetArrayLength() <= MaxHosts
                ? new EnrollmentToken(site, name, role, id, DateTimeOffset.FromUnixTimeSeconds(seconds), [.. hosts.EnumerateArray().Select(host => host.GetString() ?? "").Where(IsHost)])
                : null;
            return token is not null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static string? Text(JsonElement root, string key) => root.TryGetProperty(key, out var found) ? found.GetString() : null;

    private static bool IsHost(string host) => host.Length <= 253 && Uri.CheckHostName(host) != UriHostNameType.Unknown;
}
