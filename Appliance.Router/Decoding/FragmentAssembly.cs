using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Quic;

namespace Appliance.Router.Decoding;

/// <summary>Puts fragmented datagrams together whose payload is read, within a bound of bytes and of datagrams; when it is full the oldest gives way.</summary>
/// <remarks>The payload then comes with the fragment that completes it. Packets and bytes are counted fragment by fragment, as they are on the wire.</remarks>
internal sealed class FragmentAssembly(int capacityBytes, int capacity)
{
    /// <summary>How long Linux waits for the rest of a packet (ip_frag_time), in nanoseconds.</summary>
    public const long Patience = 30_000_000_000;

    private readonly Dictionary<FragmentKey, FragmentedDatagram> _datagrams = new(capacity);
    private readonly Stack<FragmentedDatagram> _free = new(capacity);
    private FragmentedDatagram? _oldest;
    private FragmentedDatagram? _newest;

    // Its memory is read until the next packet comes.
    private FragmentedDatagram? _whole;
    private long _overlapping;
    private long _malformed;
    private long _expired;
    private long _crowded;

    public FragmentLosses Losses => new(
        Interlocked.Read(ref _overlapping), Interlocked.Read(ref _malformed), Interlocked.Read(ref _expired), Interlocked.Read(ref _crowded));

    public int Count => _datagrams.Count;

    /// <summary>Memory taken by what is not whole yet, in bytes.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>Takes a fragment and all that it carries; gives it the datagram's payload when it completes it, and none while others are missing.</summary>
    /// <remarks>A fragment that was not captured whole carries nothing that could be put together.</remarks>
    public void Take(ref Packet packet, ReadOnlySpan<byte> piece)
    {
        Retire();
        Expire(packet.Time);
        var key = FragmentKey.Of(packet);
        var isKnown = _datagrams.TryGetValue(key, out var datagram);
        if (!IsWanted(packet))
        {
            if (isKnown)
            {
                Remove(datagram!);
            }

            return;
        }

        datagram ??= Open(key, packet.Time);
        if (datagram.IsGivenUp)
        {
            return;
        }

        Put(datagram, ref packet, piece);
    }

    private void Put(FragmentedDatagram datagram, ref Packet packet, ReadOnlySpan<byte> piece)
    {
        // A first fragment with no byte behind its TCP header may hide a part of that (RFC 1858, 3).
        if (packet.Fragment.IsFirst && packet.Protocol == IPProtocol.Tcp && packet.Payload.IsEmpty)
        {
            Lose(datagram, ref _malformed);
            return;
        }

        var offset = packet.Fragment.Offset;
        var growth = datagram.GrowthFor(offset, piece.Length);
        if (offset + piece.Length <= FragmentedDatagram.MaxLength && !TryMakeRoom(datagram, growth))
        {
            Lose(datagram, ref _crowded);
            return;
        }

        var before = datagram.Room;
        var verdict = datagram.Put(offset, piece, packet.Fragment.HasMore);
        HeldBytes += datagram.Room - before;
        switch (verdict)
        {
            case PieceVerdict.Overlapping:
                Lose(datagram, ref _overlapping);
                break;
            case PieceVerdict.Malformed:
                Lose(datagram, ref _malformed);
                break;
            default:
                Note(datagram, ref packet);
                if (verdict == PieceVerdict.Completing)
                {
                    Complete(datagram, ref packet);
                }

                break;
        }
    }

    // The first fragment says where the payload begins; until the rest has come it says nothing else.
    private static void Note(FragmentedDatagram datagram, ref Packet packet)
    {
        if (packet.Fragment.IsFirst)
        {
            var isSyn = (packet.TcpFlags & TcpControl.Syn) != TcpControl.None;
            datagram.PayloadStart = packet.HeaderBytes;
            datagram.SourcePort = packet.SourcePort;
            datagram.DestinationPort = packet.DestinationPort;
            datagram.Sequence = packet.TcpSequence + (isSyn ? 1u : 0);
        }

        packet.Payload = default;
        packet.PayloadBytes = 0;
    }

    private void Complete(FragmentedDatagram datagram, ref Packet packet)
    {
        Remove(datagram, isWhole: true);

        // Where its ports have been forgotten, the fragment counts as another flow's, to which the payload does not belong.
        if (packet.SourcePort != datagram.SourcePort || packet.DestinationPort != datagram.DestinationPort)
        {
            return;
        }

        packet.Payload = datagram.Bytes[datagram.PayloadStart..];
        packet.PayloadBytes = packet.Payload.Length;
        packet.TcpSequence = datagram.Sequence;
    }

    // A later fragment whose first has not come yet has no ports and may be of any.
    private static bool IsWanted(in Packet packet)
    {
        var isUnknown = packet.Fragment.IsLater && packet.SourcePort == 0 && packet.DestinationPort == 0;
        return packet.Protocol switch
        {
            IPProtocol.Tcp => true,
            IPProtocol.Udp => isUnknown || packet.DestinationPort == QuicReader.Port || DatagramFacts.IsOfInterest(packet.SourcePort, packet.DestinationPort),
            _ => false,
        };
    }

    private bool TryMakeRoom(FragmentedDatagram datagram, int growth)
    {
        while (HeldBytes + growth > capacityBytes && _oldest is { } oldest && oldest != datagram)
        {
            Remove(oldest, ref _crowded);
        }

        return HeldBytes + growth <= capacityBytes;
    }

    private FragmentedDatagram Open(in FragmentKey key, long time)
    {
        if (_datagrams.Count == capacity)
        {
            Remove(_oldest!, ref _crowded);
        }

        var datagram = _free.Count > 0 ? _free.Pop() : new FragmentedDatagram();
        datagram.Begin(key, time);
        _datagrams.Add(key, datagram);
        datagram.Older = _newest;
        if (_newest is null)
        {
            _oldest = datagram;
        }
        else
        {
            _newest.Newer = datagram;
        }

        _newest = datagram;
        return datagram;
    }

    private void Expire(long time)
    {
        while (_oldest is { } oldest && time - oldest.StartTime > Patience)
        {
            Remove(oldest, ref _expired);
        }
    }

    private void Lose(FragmentedDatagram datagram, ref long count)
    {
        Interlocked.Increment(ref count);
        HeldBytes -= datagram.Room;
        datagram.GiveUp();
    }

    // What was given up has been counted then.
    private void Remove(FragmentedDatagram datagram, ref long count)
    {
        if (!datagram.IsGivenUp)
        {
            Interlocked.Increment(ref count);
        }

        Remove(datagram);
    }

    private void Remove(FragmentedDatagram datagram, bool isWhole = false)
    {
        _datagrams.Remove(datagram.Key);
        HeldBytes -= datagram.Room;
        if (datagram.Older is null)
        {
            _oldest = datagram.Newer;
        }
        else
        {
            datagram.Older.Newer = datagram.Newer;
        }

        if (datagram.Newer is null)
        {
            _newest = datagram.Older;
        }
        else
        {
            datagram.Newer.Older = datagram.Older;
        }

        datagram.Older = datagram.Newer = null;
        if (isWhole)
        {
            _whole = datagram;
            return;
        }

        datagram.Release();
        _free.Push(datagram);
    }

    private void Retire()
    {
        if (_whole is { } whole)
        {
            whole.Release();
            _free.Push(whole);
            _whole = null;
        }
    }
}
