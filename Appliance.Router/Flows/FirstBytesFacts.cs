using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Decoding.Tls;
using Appliance.Router.Decoding.Tunnels;

namespace Appliance.Router.Flows;

/// <summary>What either side of a flow has said in clear before anything else; empty where it has not.</summary>
public sealed record FirstBytesFacts
{
    private const int OwnBytes = 96;

    /// <summary>SNI of TLS or QUIC, or the Host of the first HTTP request.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>Application protocols that the client offers, the dearest first.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>JA4 of the client.</summary>
    public string Fingerprint { get; init; } = "";

    public string UserAgent { get; init; } = "";

    /// <summary>Identification line of SSH.</summary>
    public string ClientBanner { get; init; } = "";

    public string ServerBanner { get; init; } = "";

    /// <summary>What the flow runs in.</summary>
    public TunnelKind Tunnel { get; init; }

    /// <summary>Characters in all texts.</summary>
    internal int Length
    {
        get
        {
            // Asked for with each event of the flow, so without an enumerator.
            var length = ServerName.Length + Fingerprint.Length + UserAgent.Length + ClientBanner.Length + ServerBanner.Length;
            for (var i = 0; i < Protocols.Count; i++)
            {
                length += Protocols[i].Length;
            }

            return length;
        }
    }

    /// <summary>About how many bytes it takes in memory.</summary>
    internal int Weight => OwnBytes + (Length * sizeof(char));

    /// <summary>Whether a flow says it once; of messages that are facts each, such as DNS answers, it has any number.</summary>
    internal static bool IsOne(Fact fact) => fact is TlsHelloFact or HttpFact or SshFact or TunnelFact;

    /// <summary>The same with what a fact adds.</summary>
    internal FirstBytesFacts With(Fact fact) => fact switch
    {
        TlsHelloFact hello => this with { ServerName = hello.ServerName, Protocols = hello.Protocols, Fingerprint = hello.Fingerprint },
        HttpFact request => this with { ServerName = request.Host, UserAgent = request.UserAgent },
        SshFact { IsClient: true } line => this with { ClientBanner = line.Banner },
        SshFact line => this with { ServerBanner = line.Banner },
        TunnelFact tunnel => this with { Tunnel = tunnel.Kind },
        _ => this,
    };
}
