using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Quic;
using Appliance.Router.Decoding.Routers;
using Appliance.Router.Decoding.Streams;
using Appliance.Router.Decoding.Tunnels;

namespace Appliance.Router.Flows;

/// <summary>Hands what flows begin with, and messages that are facts each, to their readers, and what they find to the announcer.</summary>
/// <remarks>A mark on the flow says whether a direction is still read, so that all other packets cost one test of a bit.</remarks>
internal sealed class FlowFacts(FlowOptions options, FlowAnnouncer announcer, FirstBytesTable said)
{
    private const EntryMarks Both = EntryMarks.ReadsOut | EntryMarks.ReadsIn;

    // Deriving keys and decrypting takes some 20 times as long as reading a message in clear.
    private const int QuicCost = 20;

    // Pings have a size, tunnels have many: the first ones show it.
    private const int MaxEchoes = 64;

    private readonly FactBudget _budget = new(options.FactsPerSecond);
    private readonly StreamHeads _heads = new(options.ReadStreams);

    /// <summary>Messages and beginnings that were not read for want of time or room.</summary>
    public long UnreadCount => _budget.RefusedCount + _heads.LostCount;

    /// <summary>Marks a new flow whose packets may tell facts, and tells of the tunnel that it runs in.</summary>
    public void Begin(ref FlowEntry entry, in Packet packet)
    {
        entry.Marks |= MarksOf(entry, packet);
        if (!packet.Outer.IsEmpty && _budget.TrySpend(packet.Time, 1))
        {
            Tell(ref entry, TunnelReader.Read(packet.Outer, FactOrigin.Of(packet)));
        }
    }

    /// <summary>Takes a packet that has payload and whose direction is marked.</summary>
    public void Observe(ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        var isQuic = packet.Protocol == IPProtocol.Udp && packet.DestinationPort == QuicReader.Port;
        if (!_budget.TrySpend(packet.Time, isQuic ? QuicCost : 1))
        {
            // A stream without its beginning says nothing any more.
            if (packet.Protocol == IPProtocol.Tcp)
            {
                Stop(ref entry, isFromSource);
            }

            return;
        }

        switch (packet.Protocol)
        {
            case IPProtocol.Tcp:
                ObserveStream(ref entry, packet, isFromSource);
                break;
            case IPProtocol.Udp when isQuic:
                ObserveQuic(ref entry, packet);
                break;
            case IPProtocol.Udp:
                Tell(ref entry, DatagramFacts.Read(packet));
                break;
            case IPProtocol.IcmpV6 when packet.SourcePort == RouterAdvertisementReader.Advertisement:
                Tell(ref entry, RouterAdvertisementReader.TryRead(packet, out var advertisement) ? advertisement : null);
                break;
            case IPProtocol.Icmp or IPProtocol.IcmpV6 when IcmpTypes.IsEcho(packet.Protocol, (byte)packet.SourcePort):
                ObserveEcho(entry, packet, isFromSource);
                break;
            default:
                break;
        }
    }

    /// <summary>Tells how a log-in has ended; its source is who wanted in.</summary>
    public void Tell(in FlowEntry entry, ApplicationKind application, LoginOutcome outcome, bool isDefault)
    {
        if (_budget.TrySpend(announcer.Now, 1))
        {
            var key = entry.ToKey();
            var origin = new FactOrigin(announcer.Now, entry.SourceMac, entry.VlanId, key.Source, key.Destination, key.SourcePort, key.DestinationPort, key.Protocol);
            announcer.Tell(new LoginFact(origin, application, outcome, isDefault));
        }
    }

    /// <summary>Nothing more is read of a flow.</summary>
    public void Close(ref FlowEntry entry)
    {
        if ((entry.Marks & Both) != EntryMarks.None && _heads.Count > 0)
        {
            _heads.Release(entry.HeadKey(isFromSource: true));
            _heads.Release(entry.HeadKey(isFromSource: false));
        }

        entry.Marks &= ~Both;
    }

    /// <summary>Forgets what a flow has said.</summary>
    public void Forget(ref FlowEntry entry) => said.Release(ref entry);

    private void ObserveStream(ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        if (!isFromSource && (entry.Marks & EntryMarks.AnswerKnown) == EntryMarks.None)
        {
            Stop(ref entry, isFromSource);
            return;
        }

        // A SYN takes a number itself; data that comes with one (RFC 7413) stands behind it.
        var begin = (isFromSource ? entry.FirstSequence : entry.AnswerSequence) + 1;
        var place = (int)(packet.TcpSequence - begin) + ((packet.TcpFlags & TcpControl.Syn) != TcpControl.None ? 1 : 0);
        var head = _heads.Find(entry.HeadKey(isFromSource));
        var verdict = StreamVerdict.Incomplete;
        Fact? fact = null;
        if (head is null && place == 0)
        {
            verdict = StreamFacts.Read(packet.Payload, isFromSource, FactOrigin.Of(packet), out fact);
        }

        if (verdict == StreamVerdict.Incomplete)
        {
            head ??= _heads.Take(entry.HeadKey(isFromSource), packet.Time);
            head.Put(place, packet.Payload);
            verdict = StreamFacts.Read(head.Bytes, isFromSource, FactOrigin.Of(packet), out fact);
        }

        Conclude(ref entry, isFromSource, verdict, head, fact);
    }

    private void ObserveQuic(ref FlowEntry entry, in Packet packet)
    {
        var key = entry.HeadKey(isFromSource: true);
        var head = _heads.Find(key) ?? _heads.Take(key, packet.Time);
        var verdict = QuicReader.Read(packet.Payload, head, FactOrigin.Of(packet), out var fact);
        Conclude(ref entry, isFromSource: true, verdict, head, fact);
    }

    // Without a memory of its own: the mean so far is the size of all before, unless one was different.
    private void ObserveEcho(in FlowEntry entry, in Packet packet, bool isFromSource)
    {
        var (packets, bytes) = isFromSource ? (entry.PacketsOut, entry.BytesOut) : (entry.PacketsIn, entry.BytesIn);
        if (packets == 1 || (packets <= MaxEchoes && bytes != packets * packet.IPBytes))
        {
            announcer.Tell(new EchoFact(FactOrigin.Of(packet), packet.PayloadBytes));
        }
    }

    private void Conclude(ref FlowEntry entry, bool isFromSource, StreamVerdict verdict, StreamHead? head, Fact? fact)
    {
        if (verdict != StreamVerdict.Incomplete || head is { IsFull: true })
        {
            Stop(ref entry, isFromSource);
            Tell(ref entry, fact);
        }
    }

    private void Stop(ref FlowEntry entry, bool isFromSource)
    {
        entry.Marks &= isFromSource ? ~EntryMarks.ReadsOut : ~EntryMarks.ReadsIn;
        _heads.Release(entry.HeadKey(isFromSource));
    }

    private void Tell(ref FlowEntry entry, Fact? fact)
    {
        if (fact is not null)
        {
            said.Add(ref entry, fact);
            announcer.Tell(fact);
        }
    }

    private static EntryMarks MarksOf(in FlowEntry entry, in Packet packet) => packet.Protocol switch
    {
        // Without its beginning a stream does not say what it is.
        IPProtocol.Tcp => entry.IsMidstream ? EntryMarks.None : Both,
        IPProtocol.Udp when DatagramFacts.IsOfInterest(packet.SourcePort, packet.DestinationPort) => Both,
        IPProtocol.Udp when packet.DestinationPort == QuicReader.Port => EntryMarks.ReadsOut,
        IPProtocol.IcmpV6 when packet.SourcePort is RouterAdvertisementReader.Solicitation or RouterAdvertisementReader.Advertisement => Both,
        IPProtocol.Icmp or IPProtocol.IcmpV6 when IcmpTypes.IsEcho(packet.Protocol, (byte)packet.SourcePort) => Both,
        _ => EntryMarks.None,
    };
}
