namespace Appliance.Bmc.Board;

/// <summary>How far a board can be trusted, as far as it has shown; null where it has not yet.</summary>
internal sealed record BoardStanding
{
    public static BoardStanding Unknown { get; } = new();

    /// <summary>False for firmware 1, which knows neither encryption nor log-in.</summary>
    public bool? IsEncrypted { get; init; }

    /// <summary>The certificate that it is trusted by.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>Times that the board's daemon was found to have restarted, by a token that it no longer knew.</summary>
    public int VoidTokens { get; init; }

    /// <summary>True when anybody who knows the maker's default may do everything.</summary>
    public bool? AcceptsDefaultPassword { get; init; }
}
