using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Appliance.Hosting.Authorization;

/// <summary>The form of a session's token: a JWT (RFC 7519), bound to a certificate (RFC 8705), signed by the router's node key.</summary>
internal static class SessionToken
{
    /// <summary>Named in the header, so that no other token that the key may ever sign passes for one (RFC 8725, section 3.11).</summary>
    public const string Type = "appliance-session+jwt";

    public const string Algorithm = SecurityAlgorithms.EcdsaSha256;
    public const string Chain = JwtHeaderParameterNames.X5c;

    /// <summary>One is about 2 kB: the router's certificate is most of it.</summary>
    public const int MaxLength = 8 * 1024;

    private const string Kind = "kind";
    private const string Confirmation = "cnf";
    private const string Thumbprint = "x5t#S256";

    public static string Write(SessionClaims claims, CredentialSet signer)
    {
        using var key = signer.Certificate.GetECDsaPrivateKey() ?? throw new CryptographicException("The node's key is no ECDSA key; issue the node's certificate with 'appliance pki issue'.");
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = signer.Identity.ToString(),
            Audience = claims.Person.Site,
            IssuedAt = claims.StartTime.UtcDateTime,
            NotBefore = claims.StartTime.UtcDateTime,
            Expires = claims.ExpireTime.UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Jti] = claims.Id,
                [JwtRegisteredClaimNames.Sub] = claims.Person.Name,
                [Kind] = PeerIdentity.KindWord(claims.Person.Kind),
                [Confirmation] = new Dictionary<string, object> { [Thumbprint] = claims.Thumbprint },
            },
            AdditionalHeaderClaims = new Dictionary<string, object> { [Chain] = new[] { Convert.ToBase64String(signer.Certificate.RawData) } },
            SigningCredentials = new SigningCredentials(KeyOf(key), Algorithm),
        });
    }

    /// <summary>Reads the claims, whoever signed them.</summary>
    public static bool TryRead(JsonWebToken token, [NotNullWhen(true)] out SessionClaims? claims)
    {
        claims = null;
        if (token.Id is { Length: > 0 } id
            && token.Subject is { } name && PeerIdentity.IsName(name)
            && token.TryGetPayloadValue<string>(Kind, out var word) && PeerIdentity.TryKind(word, out var kind) && IsPerson(kind)
            && token.TryGetPayloadValue<Dictionary<string, string>>(Confirmation, out var confirmation) && confirmation.TryGetValue(Thumbprint, out var thumbprint)
            && token.Audiences.ToArray() is [var site]
            && token.ValidTo != DateTime.MinValue)
        {
            claims = new SessionClaims(id, PeerIdentity.OfPerson(site, kind, name), thumbprint, new DateTimeOffset(token.IssuedAt), new DateTimeOffset(token.ValidTo));
        }

        return claims is not null;
    }

    /// <summary>A key object that the library does not keep: its cache of signers would outlive the certificate.</summary>
    public static ECDsaSecurityKey KeyOf(ECDsa key) => new(key) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };

    private static bool IsPerson(PeerKind kind) => kind is PeerKind.Reader or PeerKind.Operator or PeerKind.Admin;
}
