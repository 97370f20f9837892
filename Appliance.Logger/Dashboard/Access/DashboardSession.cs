using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>What the cookie says: which session, since when, and whose. The right to act is not in it.</summary>
internal sealed record DashboardSession(string Id, DateTimeOffset Start, string Account, string Kind)
{
    /// <summary>The authentication scheme and the policy of every page.</summary>
    public const string Scheme = "dashboard";

    private const string IdClaim = "session";
    private const string StartClaim = "start";
    private const string KindClaim = "kind";

    /// <summary>True for accounts that may change nothing, with or without a token.</summary>
    public bool IsReader => Kind == "reader";

    public static DashboardSession Begin(DateTimeOffset now, PersonRight right) =>
        new(RandomNumberGenerator.GetHexString(32, lowercase: true), now, right.Account, right.Kind);

    public static DashboardSession? Of(ClaimsPrincipal? principal)
    {
        var id = principal?.FindFirstValue(IdClaim);
        var account = principal?.FindFirstValue(ClaimTypes.Name);
        var kind = principal?.FindFirstValue(KindClaim);
        return id is not null
            && account is not null
            && kind is not null
            && long.TryParse(principal!.FindFirstValue(StartClaim), CultureInfo.InvariantCulture, out var start)
                ? new DashboardSession(id, DateTimeOffset.FromUnixTimeMilliseconds(start), account, kind)
                : null;
    }

    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, Account),
            new Claim(IdClaim, Id),
            new Claim(StartClaim, Start.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            new Claim(KindClaim, Kind),
        ],
        Scheme));
}
