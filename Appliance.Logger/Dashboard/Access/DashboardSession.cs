using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>What the cookie says: which session, since when, of which password.</summary>
internal sealed record DashboardSession(string Id, DateTimeOffset Start, string Stamp)
{
    /// <summary>The authentication scheme and the policy of every page.</summary>
    public const string Scheme = "dashboard";

    private const string IdClaim = "session";
    private const string StartClaim = "start";
    private const string StampClaim = "stamp";

    public static DashboardSession Begin(DateTimeOffset now, string stamp) =>
        new(RandomNumberGenerator.GetHexString(32, lowercase: true), now, stamp);

    public static DashboardSession? Of(ClaimsPrincipal? principal)
    {
        var id = principal?.FindFirstValue(IdClaim);
        var stamp = principal?.FindFirstValue(StampClaim);
        return id is not null
            && stamp is not null
            && long.TryParse(principal!.FindFirstValue(StartClaim), CultureInfo.InvariantCulture, out var start)
                ? new DashboardSession(id, DateTimeOffset.FromUnixTimeMilliseconds(start), stamp)
                : null;
    }

    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, DashboardPassword.Account),
            new Claim(IdClaim, Id),
            new Claim(StartClaim, Start.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            new Claim(StampClaim, Stamp),
        ],
        Scheme));
}
