namespace Appliance.Bmc.Board;

/// <summary>Where a board is, how it proves itself, and how we do.</summary>
internal sealed record BoardEndpoint(Uri Address, string? Fingerprint, BoardCredential Credential, bool Simulated);
