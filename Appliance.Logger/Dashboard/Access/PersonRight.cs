namespace Appliance.Logger.Dashboard.Access;

/// <summary>The router's word that this Logger may act for a person, for a while. It never leaves the Logger's memory.</summary>
internal sealed record PersonRight(string Account, string Kind, string Token, DateTimeOffset ExpireTime)
{
    // The compiler's own text would hold the token.
    public override string ToString() => $"{Kind} {Account} until {ExpireTime:u}";
}
