namespace Appliance.Bmc.Board;

/// <summary>Where a board is, how it proves itself, and how we do.</summary>
internal sealed record BoardEndpoint(Uri Address, string? Fingerprint, BoardCredential Credential, bool Simulated)
{
    /// <summary>Keeps what was trusted when first seen; null where only a pinned certificate is.</summary>
    public FirstUse? FirstUse { get; init; }

    /// <summary>True when a board is switched although anybody may log in with the maker's password.</summary>
    public bool AllowDefaultPassword { get; init; }

    /// <summary>Firmware 1: plain HTTP, no log-in. Never assumed, only where the address says so.</summary>
    public bool IsPlain => Address.Scheme == Uri.UriSchemeHttp;
}
