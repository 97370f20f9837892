using System.Buffers;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Streams;
using Appliance.Router.Decoding.Tls;

namespace Appliance.Router.Decoding.Quic;

/// <summary>Reads the ClientHello out of the Initial packets that a QUIC connection begins with, version 1 and 2.</summary>
internal static class QuicReader
{
    public const ushort Port = 443;

    // A client's first flight has one Initial packet a datagram; an attacker could have sixty.
    private const int MaxPackets = 4;
    private const long Padding = 0;
    private const long Ping = 1;
    private const long Acknowledgment = 2;
    private const long AcknowledgmentWithMarks = 3;
    private const long Crypto = 6;

    /// <summary>Puts what a client's datagram adds to the hello into the head, and reads it once it is whole.</summary>
    public static StreamVerdict Read(ReadOnlySpan<byte> datagram, StreamHead head, in FactOrigin origin, out Fact? fact)
    {
        fact = null;
        var opened = 0;
        var frames = ArrayPool<byte>.Shared.Rent(Math.Max(datagram.Length, 1));
        try
        {
            while (opened < MaxPackets && QuicInitial.TryRead(datagram, out var initial) && initial.TryOpen(frames, out var length))
            {
                opened++;
                Collect(frames.AsSpan(0, length), head);
                datagram = datagram[initial.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frames);
        }

        return opened == 0 ? StreamVerdict.Foreign : ReadHello(head.Bytes, origin, out fact);
    }

    /// <summary>Puts the handshake that decrypted frames carry into the head; frames that an Initial packet may not have end it (RFC 9000, 12.4).</summary>
    public static void Collect(ReadOnlySpan<byte> frames, StreamHead head)
    {
        var reader = new ByteReader(frames);
        while (QuicNumber.TryRead(ref reader, out var type))
        {
            var isRead = type switch
            {
                Padding or Ping => true,
                Acknowledgment or AcknowledgmentWithMarks => TrySkipAcknowledgment(ref reader, type == AcknowledgmentWithMarks),
                Crypto => TryTakeCrypto(ref reader, head),
                _ => false,
            };
            if (!isRead)
            {
                return;
            }
        }
    }

    private static StreamVerdict ReadHello(ReadOnlySpan<byte> message, in FactOrigin origin, out Fact? fact)
    {
        fact = null;
        if (message.Length < ClientHello.HeaderLength || (message[0] == ClientHello.MessageType && message.Length < TlsReader.MessageLength(message)))
        {
            return StreamVerdict.Incomplete;
        }

        return TlsReader.TryRead(message[..Math.Min(message.Length, TlsReader.MessageLength(message))], origin, isQuic: true, out fact) ? StreamVerdict.Complete : StreamVerdict.Foreign;
    }

    private static bool TryTakeCrypto(ref ByteReader reader, StreamHead head)
    {
        if (!QuicNumber.TryRead(ref reader, out var offset) || !QuicNumber.TryRead(ref reader, out var length)
            || length > reader.Rest.Length || !reader.TryTake((int)length, out var part) || head.IsFull)
        {
            return false;
        }

        head.Put(offset, part);
        return true;
    }

    // RFC 9000, 19.3: largest, delay, count of ranges, first range, then two numbers a range; with marks three more.
    private static bool TrySkipAcknowledgment(ref ByteReader reader, bool hasMarks)
    {
        var isWhole = QuicNumber.TryRead(ref reader, out _) & QuicNumber.TryRead(ref reader, out _) & QuicNumber.TryRead(ref reader, out var ranges) & QuicNumber.TryRead(ref reader, out _);
        var numbers = (2 * Math.Min(ranges, reader.Rest.Length)) + (hasMarks ? 3 : 0);
        while (isWhole && numbers-- > 0)
        {
            isWhole = QuicNumber.TryRead(ref reader, out _);
        }

        return isWhole;
    }
}
