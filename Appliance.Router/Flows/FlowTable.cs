using System.Runtime.CompilerServices;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Flows;

/// <summary>The conversations that go on now: packets in, flow events out, in memory that never grows past its bound.</summary>
/// <remarks>Not safe for threads: the packet's thread owns it.</remarks>
internal sealed class FlowTable
{
    // A busy flow is told about at 64, 128, … 4096 packets and then every 4096: a flood shows within its first second.
    private const long FirstTold = 64;
    private const long MostBetweenTold = 4096;

    private readonly FlowStore _store;
    private readonly FlowPatience _patience;
    private readonly FirstBytesTable? _said;
    private readonly FirstBytes _firstBytes;
    private readonly FlowAnnouncer _announcer;
    private readonly FlowEndings _endings;
    private readonly TablePlace _place;

    public FlowTable(FlowOptions options, IFlowEventSink events, IFlowRecordSink? records, IFactSink? facts, TablePlace place)
    {
        _place = place;
        _store = new FlowStore(options.Capacity);
        _patience = new FlowPatience(options);
        _said = facts is null ? null : new FirstBytesTable(options.FirstBytesFlows);
        _announcer = new FlowAnnouncer(events, records, facts, _said, place.Interface);
        _firstBytes = new FirstBytes(options, _said is null ? null : new FlowFacts(options, _announcer, _said));
        _endings = new FlowEndings(_store, _patience, _firstBytes, _announcer);
    }

    /// <summary>The capture's clock: the latest time seen, nanoseconds since 1970 UTC.</summary>
    public long Now => _endings.Now;

    public int ActiveCount => _store.Count;

    /// <summary>Flows begun so far.</summary>
    public long FlowsCount { get; private set; }

    /// <summary>Flows given up since the table was full.</summary>
    public long EvictedCount => _endings.EvictedCount;

    public long UntrackedLoginsCount => _firstBytes.UntrackedLoginsCount;

    public long UnreadFactsCount => _firstBytes.UnreadFactsCount;

    /// <summary>Flows whose first bytes were forgotten for those of newer ones.</summary>
    public long EvictedFirstBytesCount => _said?.EvictedCount ?? 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Observe(in Packet packet)
    {
        AdvanceTo(packet.Time);
        if (packet.Neighbor.Kind != NeighborKind.None)
        {
            _announcer.Tell(packet.Neighbor, Now);
        }

        if (!packet.IsIP)
        {
            return;
        }

        var tuple = FlowTuple.Of(packet);
        var place = _store.Find(tuple);
        if (place != FlowLists.None && HasEndedBefore(_store[place], packet, tuple.IsSourceLow))
        {
            _endings.Leave(place, EndReason.Idle);
            place = FlowLists.None;
        }

        if (place == FlowLists.None)
        {
            Begin(packet, tuple);
        }
        else
        {
            Continue(place, packet, tuple.IsSourceLow);
        }

        if (packet.Protocol is IPProtocol.Icmp or IPProtocol.IcmpV6 && QuotedPacket.TryRead(packet, out var quoted))
        {
            Refuse(quoted, packet.Destination);
        }
    }

    /// <summary>Moves the clock on and ends what has been silent for too long; the clock never goes back.</summary>
    public void AdvanceTo(long time) => _endings.AdvanceTo(time);

    /// <summary>Ends all flows.</summary>
    public void Finish() => _endings.EndAll();

    /// <summary>Copies flows that began before the given one, newest first.</summary>
    public List<ListedFlow> List(long before, int count)
    {
        var newest = new PriorityQueue<int, long>();
        for (var place = 0; place < _store.Extent; place++)
        {
            ref var entry = ref _store[place];
            if (_store.Holds(place) && !entry.IsClosed && entry.Ordinal < before)
            {
                newest.Enqueue(place, entry.Ordinal);
                if (newest.Count > count)
                {
                    newest.Dequeue();
                }
            }
        }

        var found = new List<ListedFlow>(newest.Count);
        while (newest.TryDequeue(out var place, out var ordinal))
        {
            found.Add(new(ordinal, _store[place].ToFlow(_said?.Find(_store[place]), _place.Interface)));
        }

        found.Reverse();
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool HasEndedBefore(in FlowEntry entry, in Packet packet, bool isSenderLow)
    {
        if (entry.IsClosed && packet.Time >= entry.NextTime)
        {
            return true;
        }

        if (entry.Protocol == IPProtocol.Tcp && TcpConversation.IsNewOpening(entry, packet, isSenderLow == entry.IsSourceLow))
        {
            return true;
        }

        // The timer looks only every quarter of a second; this does not depend on when.
        return !entry.IsClosed && !TcpConversation.IsFinishing(entry) && packet.Time - entry.LastTime > _patience.Of(entry);
    }

    private void Begin(in Packet packet, in FlowTuple tuple)
    {
        if (_store.IsFull)
        {
            _endings.Evict();
        }

        var place = _store.Take(tuple);
        ref var entry = ref _store[place];
        entry.Ordinal = _place.Ordinals.Next();
        FlowsCount++;
        Count(ref entry, packet, isFromSource: true);

        // No answer yet; so the last time of both is that of the first packet.
        entry.In.LastTime = packet.Time;
        entry.NextTime = Now + _patience.ActiveInterval;
        entry.SourceMac = packet.SourceMac;
        entry.DestinationMac = packet.DestinationMac;
        entry.VlanId = packet.VlanId;
        entry.IcmpCode = packet.IcmpCode;
        entry.FirstSequence = packet.TcpSequence;
        entry.Track = LoginTracks.None;
        if (packet.Protocol == IPProtocol.Tcp && !packet.Fragment.IsLater && !TcpConversation.IsOpening(packet.TcpFlags))
        {
            entry.Marks |= EntryMarks.Midstream;
        }

        _endings.Watch(place, Math.Min(entry.NextTime, Now + _patience.Of(entry)));
        _announcer.Tell(FlowEventKind.Began, entry, Now);
        _firstBytes.Begin(ref entry, packet);
        Follow(place, ref entry, packet, isFromSource: true, isTold: true);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Continue(int place, in Packet packet, bool isSenderLow)
    {
        ref var entry = ref _store[place];
        var isFromSource = isSenderLow == entry.IsSourceLow;
        var wasFinishing = entry.Protocol == IPProtocol.Tcp && TcpConversation.IsFinishing(entry);
        Count(ref entry, packet, isFromSource);
        if (entry.IsClosed)
        {
            return;
        }

        var isTold = Answer(place, ref entry, packet, isFromSource);
        if (wasFinishing)
        {
            _endings.Close(place, EndReason.Finished, Now);
        }
        else
        {
            Follow(place, ref entry, packet, isFromSource, isTold);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        if (isFromSource)
        {
            entry.Out.Count(packet.Time, packet.IPBytes);
            entry.FlagsOut |= packet.TcpFlags;
        }
        else
        {
            entry.In.Count(packet.Time, packet.IPBytes);
            entry.FlagsIn |= packet.TcpFlags;
        }
    }

    // Tells of the first packet back, once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Answer(int place, ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        if (isFromSource)
        {
            if (entry.State == FlowState.Answered && (entry.Marks & EntryMarks.Established) == EntryMarks.None)
            {
                _store.MarkEstablished(place);
            }

            return false;
        }

        var met = (packet.TcpFlags & TcpControl.Rst) != TcpControl.None ? FlowState.Refused : FlowState.Answered;
        if (entry.State == FlowState.Answered || entry.State == met)
        {
            return false;
        }

        entry.State = met;
        _announcer.Tell(met == FlowState.Refused ? FlowEventKind.Refused : FlowEventKind.Answered, entry, Now);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Follow(int place, ref FlowEntry entry, in Packet packet, bool isFromSource, bool isTold)
    {
        var isOutcome = packet.PayloadBytes > 0 && _firstBytes.Observe(ref entry, packet, isFromSource);
        if (entry.Protocol == IPProtocol.Tcp)
        {
            TcpConversation.NoteConfirmation(ref entry, packet, isFromSource);
            if ((packet.TcpFlags & (TcpControl.Fin | TcpControl.Rst)) != TcpControl.None)
            {
                isOutcome |= FollowEnd(place, ref entry, packet);
            }
        }

        if (!entry.IsClosed && (isOutcome || (!isTold && IsDoubled(entry.Packets))))
        {
            _announcer.Tell(FlowEventKind.Updated, entry, Now);
        }
    }

    private bool FollowEnd(int place, ref FlowEntry entry, in Packet packet)
    {
        var isOutcome = _firstBytes.Close(ref entry);
        if ((packet.TcpFlags & TcpControl.Rst) != TcpControl.None)
        {
            _endings.Close(place, EndReason.Reset, Now);
        }
        else if (TcpConversation.IsFinishing(entry))
        {
            _endings.Watch(place, Now + _patience.Of(entry));
        }

        return isOutcome;
    }

    // A power of two from 64 up, or a multiple of 4096, which each greater power is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDoubled(long packets) =>
        packets >= FirstTold && ((packets & (packets - 1)) == 0 || (packets & (MostBetweenTold - 1)) == 0);

    private void Refuse(in QuotedPacket quoted, UInt128 receiver)
    {
        var tuple = FlowTuple.Of(quoted.Source, quoted.Destination, quoted.SourcePort, quoted.DestinationPort, quoted.Protocol);
        var place = quoted.Source == receiver ? _store.Find(tuple) : FlowLists.None;
        if (place == FlowLists.None)
        {
            return;
        }

        ref var entry = ref _store[place];
        if (entry.State == FlowState.Unanswered && !entry.IsClosed && entry.IsSourceLow == tuple.IsSourceLow)
        {
            entry.State = FlowState.Refused;
            _announcer.Tell(FlowEventKind.Refused, entry, Now);
        }
    }
}
