using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Decoding;

/// <summary>Hands the segments of log-ins to their readers in the order of their bytes, each byte once.</summary>
/// <remarks>Segments that come in order and whole, as nearly all do, wait nowhere. What waits is wiped when it has been read.</remarks>
internal sealed class LoginSegments(StreamHeads waiting)
{
    /// <summary>Takes a segment of either side; each side of each flow has a key of its own.</summary>
    public void Take(ref LoginTrack track, long key, in Packet packet, bool isFromSource)
    {
        ref var side = ref isFromSource ? ref track.Out : ref track.In;
        ref var other = ref isFromSource ? ref track.In : ref track.Out;
        if ((packet.TcpFlags & TcpControl.Ack) != TcpControl.None)
        {
            other.Acknowledged = packet.TcpAcknowledgment;
            other.IsAcknowledged = true;
        }

        // A SYN takes a number itself; data that comes with one (RFC 7413) stands behind it.
        var sequence = packet.TcpSequence + ((packet.TcpFlags & TcpControl.Syn) != TcpControl.None ? 1u : 0);
        if (!side.IsBegun)
        {
            side.Begin(sequence);
        }

        var known = (int)(side.Next - sequence);
        if (known >= packet.PayloadBytes)
        {
            // Sent again: that must not count as a second try, nor a letter twice.
            return;
        }

        var end = sequence + (uint)packet.PayloadBytes;
        if (track.Application == ApplicationKind.Ssh)
        {
            side.Next = end;
            track.ReadSizes(packet, isFromSource);
            return;
        }

        var payload = packet.Payload[Math.Clamp(known, 0, packet.Payload.Length)..];
        sequence = known > 0 ? side.Next : sequence;
        if (known >= 0 && !side.IsWaiting)
        {
            side.Next = sequence + (uint)payload.Length;
            Read(ref track, key, payload, packet.Time, isFromSource);
        }
        else
        {
            Wait(ref track, key, payload, sequence, packet.Time, isFromSource);
        }

        if (packet.Payload.Length < packet.PayloadBytes && (int)(end - side.Next) > 0)
        {
            // Only the beginning was captured.
            Skip(ref track, key, end, isFromSource);
        }
    }

    /// <summary>Reads what has been put in order before the track was begun.</summary>
    public void TakeOver(ref LoginTrack track, long key, bool isFromSource)
    {
        ref var side = ref isFromSource ? ref track.Out : ref track.In;
        if (side.IsBegun && waiting.Find(key) is { } head)
        {
            side.FirstWaiting = side.Next;
            side.IsWaiting = true;
            ReadWaiting(ref track, key, head, isFromSource);
        }
    }

    /// <summary>Lets go of what waits.</summary>
    public void Release(in LoginTrack track, long outKey, long inKey)
    {
        if (track.Out.IsWaiting)
        {
            waiting.Release(outKey);
        }

        if (track.In.IsWaiting)
        {
            waiting.Release(inKey);
        }
    }

    private void Read(ref LoginTrack track, long key, ReadOnlySpan<byte> payload, long time, bool isFromSource)
    {
        var used = payload.IsEmpty ? 0 : track.Read(payload, isFromSource);
        if (used < payload.Length && payload.Length - used <= StreamHead.Capacity)
        {
            ref var side = ref isFromSource ? ref track.Out : ref track.In;
            side.FirstWaiting = side.Next - (uint)(payload.Length - used);
            side.IsWaiting = true;
            waiting.Take(key, time).Put(0, payload[used..]);
        }
    }

    private void Wait(ref LoginTrack track, long key, ReadOnlySpan<byte> payload, uint sequence, long time, bool isFromSource)
    {
        ref var side = ref isFromSource ? ref track.Out : ref track.In;
        var isAhead = (int)(sequence - side.Next) > 0;
        if (!side.IsWaiting)
        {
            side.FirstWaiting = side.Next;
        }

        var head = side.IsWaiting ? waiting.Find(key) : null;
        var place = (long)(int)(sequence - side.FirstWaiting);
        if ((side.IsWaiting && head is null) || (isAhead && side.HasArrivedBefore(sequence)) || place + payload.Length > StreamHead.Capacity)
        {
            // What is missing was lost before it got here, or is not worth more room.
            Skip(ref track, key, sequence, isFromSource);
            side.Next = sequence + (uint)payload.Length;
            Read(ref track, key, payload, time, isFromSource);
            return;
        }

        head ??= waiting.Take(key, time);
        side.IsWaiting = true;
        head.Put(place, payload);
        if (!isAhead)
        {
            ReadWaiting(ref track, key, head, isFromSource);
        }
    }

    private void ReadWaiting(ref LoginTrack track, long key, StreamHead head, bool isFromSource)
    {
        ref var side = ref isFromSource ? ref track.Out : ref track.In;
        side.Next = side.FirstWaiting + (uint)head.Length;
        var used = head.Length == 0 ? 0 : track.Read(head.Bytes, isFromSource);
        if (used == head.Length && !head.HasMore)
        {
            side.IsWaiting = false;
            waiting.Release(key);
        }
        else if (used > 0)
        {
            head.Drop(used);
            side.FirstWaiting += (uint)used;
        }
    }

    private void Skip(ref LoginTrack track, long key, uint sequence, bool isFromSource)
    {
        ref var side = ref isFromSource ? ref track.Out : ref track.In;
        if (side.IsWaiting)
        {
            side.IsWaiting = false;
            waiting.Release(key);
        }

        side.Next = sequence;
        track.Lose(isFromSource);
    }
}
