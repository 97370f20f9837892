using System.Text;

namespace Appliance.Bmc.Board;

/// <summary>One request of the API: a query, or a log-in.</summary>
internal sealed record BoardCall(string PathAndQuery, CallKind Kind)
{
    public const string Api = "/api/bmc";

    // A plain answer is there in well under a second; power and reset take the rails' time (up to 1.2 s) on a busy board.
    private static readonly TimeSpan PlainLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PowerLimit = TimeSpan.FromSeconds(15);

    /// <summary>JSON to post; null for the usual GET.</summary>
    public byte[]? Json { get; init; }

    /// <summary>True when the board's tokens end with it.</summary>
    public bool EndsSession { get; init; }

    public TimeSpan Limit { get; init; } = Kind == CallKind.Read ? PlainLimit : PowerLimit;

    public static BoardCall Get(string type) => new($"{Api}?opt=get&type={type}", CallKind.Read);

    public static BoardCall Set(string type, string parameters, CallKind kind) =>
        new(parameters.Length > 0 ? $"{Api}?opt=set&type={type}&{parameters}" : $"{Api}?opt=set&type={type}", kind);

    // Once, since a wrong password counts for the lockout each time.
    public static BoardCall LogIn(byte[] credentials) => new($"{Api}/authenticate", CallKind.Once) { Json = credentials };

    // The posted JSON holds the password.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(PathAndQuery);
        return true;
    }
}
