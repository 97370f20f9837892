namespace Appliance.Router.Decoding.Tunnels;

/// <summary>What a packet was wrapped in.</summary>
public enum TunnelKind : byte
{
    None,
    Pppoe,
    IPInIP,
    Gre,
    Vxlan,
}
