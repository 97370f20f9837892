namespace Appliance.Router.Decoding;

/// <summary>What the first payload bytes of a flow speak, whatever the port.</summary>
public enum ApplicationKind : byte
{
    Unknown,
    Ssh,
    Ftp,
    Http,
    Telnet,
    Mqtt,
    Tls,
    Dns,
    Dhcp,
}
