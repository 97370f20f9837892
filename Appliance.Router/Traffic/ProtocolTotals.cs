using Appliance.Router.Decoding;

namespace Appliance.Router.Traffic;

/// <summary>Packets and bytes by protocol since the Router started, in five kinds, however many there are on the wire.</summary>
internal sealed class ProtocolTotals
{
    private static readonly string[] Kinds = ["tcp", "udp", "icmp", "icmpv6", "other"];

    private readonly long[] _packets = new long[Kinds.Length];
    private readonly long[] _bytes = new long[Kinds.Length];

    public IEnumerable<(string Kind, long Packets, long Bytes)> Current =>
        Kinds.Select((kind, index) => (kind, Interlocked.Read(ref _packets[index]), Interlocked.Read(ref _bytes[index])));

    public void Add(byte protocol, long packets, long bytes)
    {
        var kind = protocol switch
        {
            IPProtocol.Tcp => 0,
            IPProtocol.Udp => 1,
            IPProtocol.Icmp => 2,
            IPProtocol.IcmpV6 => 3,
            _ => 4,
        };
        Interlocked.Add(ref _packets[kind], packets);
        Interlocked.Add(ref _bytes[kind], bytes);
    }
}
