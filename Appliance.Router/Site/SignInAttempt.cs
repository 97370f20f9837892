using System.Net;
using Appliance.Hosting.Identity;

namespace Appliance.Router.Site;

/// <summary>A try to sign in: with what, from where, and over which node's certificate.</summary>
internal sealed record SignInAttempt(string Account, string Password, IPAddress Source, PeerIdentity Node, string Thumbprint)
{
    // The compiler's own text would hold the password.
    public override string ToString() => $"{Account} from {Source} over {Node}";
}
