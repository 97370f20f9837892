using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Authorization;

/// <summary>Signs tokens with the node's key. Only a router's are believed.</summary>
public sealed class SessionSigner
{
    private readonly NodeCredentials _credentials;

    internal SessionSigner(NodeCredentials credentials) => _credentials = credentials;

    public string Sign(SessionClaims claims) => SessionToken.Write(claims, _credentials.Current);
}
