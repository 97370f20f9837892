using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Decoding.Tls;

/// <summary>Reads the ClientHello that a TLS connection begins with.</summary>
internal static class TlsReader
{
    private const int RecordHeaderLength = 5;
    private const byte HandshakeRecord = 22;
    private const byte MajorVersion = 3;

    // RFC 8446, 5.1.
    private const int MaxRecordLength = 16 * 1024;

    // A client may offer what it likes; only the first few are ever chosen.
    private const int MaxProtocols = 8;

    /// <summary>Reads the beginning of a client's stream.</summary>
    public static StreamVerdict Read(ReadOnlySpan<byte> stream, in FactOrigin origin, out Fact? fact)
    {
        fact = null;
        if (stream.IsEmpty || stream[0] != HandshakeRecord || (stream.Length > 1 && stream[1] != MajorVersion))
        {
            return StreamVerdict.Foreign;
        }

        // The hello mostly lies in one record; when it does not, its parts are put together first.
        var parts = ArrayPool<byte>.Shared.Rent(stream.Length);
        try
        {
            var length = Gather(stream, parts, out var isBroken);
            ReadOnlySpan<byte> message = parts.AsSpan(0, length);
            if (isBroken || (length > 0 && message[0] != ClientHello.MessageType))
            {
                return StreamVerdict.Foreign;
            }

            if (length < ClientHello.HeaderLength || length < MessageLength(message))
            {
                return StreamVerdict.Incomplete;
            }

            return TryRead(message[..MessageLength(message)], origin, isQuic: false, out fact) ? StreamVerdict.Complete : StreamVerdict.Foreign;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(parts);
        }
    }

    /// <summary>Length of a handshake message by its header, the header with it.</summary>
    public static int MessageLength(ReadOnlySpan<byte> message) => ClientHello.HeaderLength + (message[1] << 16) + BinaryPrimitives.ReadUInt16BigEndian(message[2..]);

    /// <summary>Reads a whole handshake message; false when it is no ClientHello.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, in FactOrigin origin, bool isQuic, [NotNullWhen(true)] out Fact? fact)
    {
        fact = null;
        if (!ClientHello.TryRead(message, out var hello))
        {
            return false;
        }

        fact = new TlsHelloFact(origin)
        {
            ServerName = PlainText.Of(hello.ServerName),
            Protocols = ReadProtocols(hello.Protocols),
            Version = hello.Version,
            Fingerprint = Ja4.Of(hello, isQuic ? Ja4.Quic : Ja4.Tcp),
            IsQuic = isQuic,
        };
        return true;
    }

    // Copies what the handshake records hold, as far as the stream goes.
    private static int Gather(ReadOnlySpan<byte> stream, Span<byte> parts, out bool isBroken)
    {
        var length = 0;
        isBroken = false;
        while (stream.Length >= RecordHeaderLength)
        {
            var recordLength = BinaryPrimitives.ReadUInt16BigEndian(stream[3..]);
            if (stream[0] != HandshakeRecord || stream[1] != MajorVersion || recordLength is 0 or > MaxRecordLength)
            {
                // Behind a whole message other records may follow, within one they may not (RFC 8446, 5.1).
                isBroken = length < ClientHello.HeaderLength || length < MessageLength(parts);
                return length;
            }

            var content = stream[RecordHeaderLength..];
            content = content[..Math.Min(content.Length, recordLength)];
            content.CopyTo(parts[length..]);
            length += content.Length;
            stream = stream[(RecordHeaderLength + content.Length)..];
        }

        return length;
    }

    private static List<string> ReadProtocols(ReadOnlySpan<byte> bytes)
    {
        var protocols = new List<string>();
        var reader = new ByteReader(bytes);
        while (protocols.Count < MaxProtocols && reader.TryBlock8(out var name))
        {
            protocols.Add(PlainText.Of(name));
        }

        return protocols;
    }
}
