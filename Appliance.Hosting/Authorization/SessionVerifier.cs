using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Appliance.Hosting.Authorization;

/// <summary>Decides whether a token makes the node that shows it speak for a person.</summary>
internal sealed class SessionVerifier(NodeCredentials credentials, TimeProvider clock, IEnumerable<SessionCheck> checks)
{
    private readonly PeerVerifier _peers = new(clock);
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = SessionToken.MaxLength };

    /// <summary>The claims when nothing is wrong with them; else the first fault found.</summary>
    public async Task<(SessionClaims? Claims, SessionFault Fault)> VerifyAsync(string text, ConnectionPeer holder)
    {
        if (text.Length is 0 or > SessionToken.MaxLength || !TryParse(text, out var token) || !SessionToken.TryRead(token, out var claims))
        {
            return (null, SessionFault.Unreadable);
        }

        var fault = await IsSignedByRouterAsync(token) ? Judge(claims, holder) : SessionFault.WrongSigner;
        return (fault == SessionFault.None ? claims : null, fault);
    }

    private SessionFault Judge(SessionClaims claims, ConnectionPeer holder)
    {
        if (claims.Person.Site != credentials.Current.Identity.Site)
        {
            return SessionFault.WrongSigner;
        }

        // The Logger is the one node that people sign in at.
        if (holder.Identity.Role != Role.Logger
            || !CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(claims.Thumbprint), System.Text.Encoding.UTF8.GetBytes(holder.Thumbprint)))
        {
            return SessionFault.WrongHolder;
        }

        if (claims.ExpireTime <= clock.GetUtcNow())
        {
            return SessionFault.Expired;
        }

        return checks.All(check => check(claims.Id)) ? SessionFault.None : SessionFault.Ended;
    }

    private async Task<bool> IsSignedByRouterAsync(JsonWebToken token)
    {
        using var signer = SignerOf(token);
        if (_peers.Verify(signer, credentials.Current, CertificateForm.ServerUsage, out var identity) != Refusal.None || identity!.Role != Role.Router)
        {
            return false;
        }

        using var key = signer!.GetECDsaPublicKey();
        return key is not null && (await _handler.ValidateTokenAsync(token, Parameters(key, identity))).IsValid;
    }

    // The algorithm is ours and not the token's (RFC 8725, section 3.1). Expiry is held against our own clock, later.
    private static TokenValidationParameters Parameters(ECDsa key, PeerIdentity signer) => new()
    {
        ValidAlgorithms = [SessionToken.Algorithm],
        ValidTypes = [SessionToken.Type],
        ValidIssuer = signer.ToString(),
        ValidAudience = signer.Site,
        ValidateLifetime = false,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        IssuerSigningKey = SessionToken.KeyOf(key),
    };

    private bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JsonWebToken? token)
    {
        token = null;
        try
        {
            token = _handler.ReadJsonWebToken(text);
            return true;
        }
        catch (Exception error) when (error is ArgumentException or SecurityTokenException or FormatException)
        {
            return false;
        }
    }

    private static X509Certificate2? SignerOf(JsonWebToken token)
    {
        try
        {
            return token.TryGetHeaderValue<string[]>(SessionToken.Chain, out var chain) && chain is [var first]
                ? X509CertificateLoader.LoadCertificate(Convert.FromBase64String(first))
                : null;
        }
        catch (Exception error) when (error is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
