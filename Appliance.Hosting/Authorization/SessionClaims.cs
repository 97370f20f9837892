using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Authorization;

/// <summary>What a session's token says: whose it is, over which certificate it counts, and until when.</summary>
/// <param name="Id">Names the session; the token's <c>jti</c>.</param>
/// <param name="Person">Reader, operator or admin of the site.</param>
/// <param name="Thumbprint">The certificate that the token is bound to, as <c>x5t#S256</c>.</param>
/// <param name="StartTime">Whole seconds.</param>
/// <param name="ExpireTime">Whole seconds.</param>
public sealed record SessionClaims(string Id, PeerIdentity Person, string Thumbprint, DateTimeOffset StartTime, DateTimeOffset ExpireTime);
