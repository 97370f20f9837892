using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Flows;

/// <summary>Tells what a flow speaks by the first bytes of either side, put in order as far as it takes to tell.</summary>
/// <remarks>A first segment that tells, or that cannot become anything known, waits nowhere.</remarks>
internal sealed class FirstWords(StreamHeads heads)
{
    // Banner, greeting and first command of either side; what is still unknown then stays so.
    private const int MaxPayloads = 6;

    public static bool IsOpen(in FlowEntry entry) => entry.Application == ApplicationKind.Unknown && entry.FirstPayloads < MaxPayloads;

    /// <summary>Takes a packet with payload of a flow that is open.</summary>
    public void Take(ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        var hasPlace = TryFindPlace(entry, packet, isFromSource, out var place);
        var head = hasPlace && heads.Count > 0 ? heads.Find(entry.HeadKey(isFromSource)) : null;
        if (head is { Length: 0 } && place >= StreamHead.Capacity)
        {
            // The beginning will not come any more.
            heads.Release(entry.HeadKey(isFromSource));
            head = null;
        }

        if (head is null)
        {
            Recognize(ref entry, packet, packet.Payload, isFromSource);
            var hasBegun = HasBegun(ref entry, isFromSource, place);
            var isWanted = place == 0 ? MayTell(entry, packet.Payload, isFromSource, isGathering: false) : place is > 0 and < StreamHead.Capacity && !hasBegun;
            if (entry.Application != ApplicationKind.Unknown || !hasPlace || !isWanted)
            {
                Decide(ref entry, isFromSource);
                return;
            }

            head = heads.Take(entry.HeadKey(isFromSource), packet.Time);
        }

        head.Put(place, packet.Payload);
        _ = HasBegun(ref entry, isFromSource, place);
        Recognize(ref entry, packet, head.Bytes, isFromSource);
        if (entry.Application == ApplicationKind.Unknown && (head.IsFull || (head.Length > 0 && !MayTell(entry, head.Bytes, isFromSource, isGathering: true))))
        {
            heads.Release(entry.HeadKey(isFromSource));
            Decide(ref entry, isFromSource);
        }
    }

    /// <summary>Lets go of what has been put in order.</summary>
    public void Release(in FlowEntry entry)
    {
        if (heads.Count > 0)
        {
            heads.Release(entry.HeadKey(isFromSource: true));
            heads.Release(entry.HeadKey(isFromSource: false));
        }
    }

    // A client that has said something unknown shows that the server's words before were no prompt.
    private void Decide(ref FlowEntry entry, bool isFromSource)
    {
        entry.FirstPayloads++;
        if (isFromSource && entry.Application == ApplicationKind.Unknown && heads.Count > 0)
        {
            heads.Release(entry.HeadKey(isFromSource: false));
        }
    }

    private static void Recognize(ref FlowEntry entry, in Packet packet, ReadOnlySpan<byte> bytes, bool isFromSource)
    {
        var isGreeted = (entry.Marks & EntryMarks.Greeted) != EntryMarks.None;
        entry.Application = ApplicationReader.Recognize(packet, bytes, isFromSource, isGreeted);
        if (!isFromSource && ApplicationReader.IsGreeting(bytes))
        {
            entry.Marks |= EntryMarks.Greeted;
        }
    }

    private static bool MayTell(in FlowEntry entry, ReadOnlySpan<byte> bytes, bool isFromSource, bool isGathering)
    {
        var isGreeted = (entry.Marks & EntryMarks.Greeted) != EntryMarks.None;
        return isFromSource
            ? ApplicationReader.MayTellClient(bytes, isGreeted)
            : ApplicationReader.MayTellServer(bytes, isFirst: isGathering || entry.FirstPayloads == 0);
    }

    // Whether the beginning of that side had been there already.
    private static bool HasBegun(ref FlowEntry entry, bool isFromSource, int place)
    {
        var note = isFromSource ? EntryNotes.BeganOut : EntryNotes.BeganIn;
        var hadBegun = (entry.Notes & note) != EntryNotes.None;
        entry.Notes |= place == 0 ? note : EntryNotes.None;
        return hadBegun;
    }

    private static bool TryFindPlace(in FlowEntry entry, in Packet packet, bool isFromSource, out int place)
    {
        place = 0;
        if (packet.Protocol != IPProtocol.Tcp || !entry.TryFindBeginning(isFromSource, out var beginning))
        {
            return false;
        }

        // A SYN takes a number itself; data that comes with one (RFC 7413) stands behind it.
        place = (int)(packet.TcpSequence - beginning) + ((packet.TcpFlags & TcpControl.Syn) != TcpControl.None ? 1 : 0);
        return true;
    }
}
