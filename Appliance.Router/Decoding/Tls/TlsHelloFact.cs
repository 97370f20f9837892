using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Tls;

/// <summary>The ClientHello of a TLS connection, over TCP or within QUIC.</summary>
public sealed record TlsHelloFact(FactOrigin Origin) : Fact(Origin)
{
    /// <summary>Whom the client wants to talk to; empty where it does not say.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>Application protocols that the client offers, the dearest first.</summary>
    public required IReadOnlyList<string> Protocols { get; init; }

    /// <summary>JA4 of the client; empty where it offers more than is sane.</summary>
    public string Fingerprint { get; init; } = "";

    public bool IsQuic { get; init; }
}
