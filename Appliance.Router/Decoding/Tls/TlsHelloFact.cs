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

    /// <summary>The highest that the client offers, such as 0x0304 for TLS 1.3.</summary>
    public ushort Version { get; init; }

    public bool IsQuic { get; init; }

    protected override int TextBytes => BytesOf(ServerName) + BytesOf(Fingerprint) + Protocols.Sum(BytesOf);
}
