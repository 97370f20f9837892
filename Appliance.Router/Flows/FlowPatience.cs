using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>How long a flow may be silent before it counts as ended, in nanoseconds.</summary>
internal sealed class FlowPatience(FlowOptions options)
{
    // After both FINs only their acknowledgment is due, a round trip later at most.
    private const long LastAcknowledgment = 1_000_000_000;

    private readonly long _tcpIdle = Nanoseconds(options.TcpIdle);
    private readonly long _tcpUnanswered = Nanoseconds(options.TcpUnanswered);
    private readonly long _udpIdle = Nanoseconds(options.UdpIdle);
    private readonly long _icmpIdle = Nanoseconds(options.IcmpIdle);
    private readonly long _otherIdle = Nanoseconds(options.OtherIdle);

    public long Linger { get; } = Nanoseconds(options.ClosedLinger);

    public long ActiveInterval { get; } = Nanoseconds(options.ActiveInterval);

    public long Of(in FlowEntry entry) => entry.Protocol switch
    {
        IPProtocol.Tcp when TcpConversation.IsFinishing(entry) => LastAcknowledgment,
        IPProtocol.Tcp => entry.State == FlowState.Answered ? _tcpIdle : _tcpUnanswered,
        IPProtocol.Udp => _udpIdle,
        IPProtocol.Icmp or IPProtocol.IcmpV6 => _icmpIdle,
        _ => _otherIdle,
    };

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
