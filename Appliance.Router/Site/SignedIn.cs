namespace Appliance.Router.Site;

/// <summary>A new session and its token.</summary>
internal sealed record SignedIn(Session Session, string Token)
{
    // The compiler's own text would hold the token.
    public override string ToString() => $"{Session}";
}
