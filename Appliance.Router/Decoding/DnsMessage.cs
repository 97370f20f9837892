using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>Shape of a DNS message (RFC 1035, 4.1); multicast DNS has the same.</summary>
internal static class DnsMessage
{
    private const int HeaderLength = 12;
    private const int MaxLabel = 63;
    private const int MaxName = 255;
    private const ushort ReservedFlag = 0x0040;
    private const ushort ResponseFlag = 0x8000;
    private const ushort InternetClass = 1;
    private const ushort AnyClass = 255;

    /// <summary>True when header and first name are those of a query or an answer.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength + 5)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        var questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        var answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        var opcode = (flags >> 11) & 0x0f;
        var isResponse = (flags & ResponseFlag) != 0;
        if ((flags & ReservedFlag) != 0 || opcode > 6 || questions > 32 || answers > 512 || questions + answers == 0 || (!isResponse && questions == 0))
        {
            return false;
        }

        return TrySkipName(message[HeaderLength..], out var length) && HasKnownClass(message[(HeaderLength + length)..]);
    }

    private static bool TrySkipName(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        while (length < bytes.Length && length <= MaxName)
        {
            var label = bytes[length];
            if (label > MaxLabel)
            {
                return false;
            }

            length += 1 + label;
            if (label == 0)
            {
                return true;
            }
        }

        return false;
    }

    // Type, then class; multicast DNS uses the top bit of the class for itself (RFC 6762, 5.4 and 10.2).
    private static bool HasKnownClass(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 4 && (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) & 0x7fff) is InternetClass or AnyClass;
}
