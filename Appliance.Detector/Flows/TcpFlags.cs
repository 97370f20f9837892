namespace Appliance.Detector.Flows;

/// <summary>Bits of the TCP header (RFC 9293, section 3.1).</summary>
internal static class TcpFlags
{
    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Rst = 0x04;
    public const byte Psh = 0x08;
    public const byte Ack = 0x10;
    public const byte Urg = 0x20;

    /// <summary>Without ECE and CWR, which an opening SYN may carry (RFC 3168, section 6.1.1).</summary>
    public const byte Classic = 0x3f;
}
