namespace Appliance.Bmc.Board;

/// <summary>Where a board is, how it proves itself, and how we do.</summary>
internal sealed record BoardEndpoint(Uri Address, string? Fingerprint, BoardCredential Credential, bool Simulated)
{
    /// <summary>Keeps what was trusted when first seen; null where only a pinned certificate is.</summary>
    public FirstUse? FirstUse { get; init; }

    /// <summary>True when a board is switched although anybody may log in with the maker's password.</summary>
    public bool AllowDefaultPassword { get; init; }

    /// <summary>What its settings are called, for messages.</summary>
    public BoardSettingNames Names { get; init; } = BoardSettingNames.Configuration;

    /// <summary>Firmware 1: plain HTTP, no log-in. Never assumed, only where the address says so.</summary>
    public bool IsPlain => Address.Scheme == Uri.UriSchemeHttp;

    /// <summary>The endpoint of these settings; null where they name none.</summary>
    public static BoardEndpoint? From(BoardOptions options, FirstUse firstUse, BoardSettingNames names)
    {
        if (options.Address is not { } address)
        {
            return null;
        }

        var credential = options.PasswordFile is { Length: > 0 } file
            ? BoardCredential.FromFile(options.UserName, file)
            : BoardCredential.FromEnvironment(options.UserName, names.PasswordFile);
        return new BoardEndpoint(address, options.Fingerprint, credential, Simulated: false)
        {
            FirstUse = options.TrustOnFirstUse ? firstUse : null,
            AllowDefaultPassword = options.AllowDefaultPassword is not null,
            Names = names,
        };
    }
}
