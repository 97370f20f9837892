using System.Buffers.Binary;

namespace Appliance.Router.Nftables;

/// <summary>The kernel's answer to one message: an error number (0 = done), its words, and the byte that it minds.</summary>
internal readonly record struct Acknowledgement(int Error, string Text, int Offset)
{
    // An error number, then the header of the message that is answered.
    private const int FixedLength = sizeof(int) + NetlinkProtocol.HeaderLength;

    public static bool TryRead(NetlinkHeader header, ReadOnlySpan<byte> payload, out Acknowledgement acknowledgement)
    {
        acknowledgement = default;
        if (header.Type != NetlinkProtocol.Error || payload.Length < FixedLength)
        {
            return false;
        }

        var error = BinaryPrimitives.ReadInt32LittleEndian(payload);
        acknowledgement = new Acknowledgement(error, "", -1);
        if ((header.Flags & NetlinkProtocol.AcknowledgeAttributes) == 0)
        {
            return true;
        }

        // Without the capped flag the answered message stands whole before the attributes.
        var echoed = BinaryPrimitives.ReadUInt32LittleEndian(payload[sizeof(int)..]);
        var skip = (header.Flags & NetlinkProtocol.Capped) != 0 ? FixedLength : sizeof(int) + (((long)echoed + 3) & ~3L);
        if (skip > payload.Length)
        {
            return true;
        }

        var attributes = payload[(int)skip..];
        var offset = AttributeReader.Find(attributes, NetlinkProtocol.ErrorOffset);
        acknowledgement = new Acknowledgement(
            error,
            AttributeReader.Text(AttributeReader.Find(attributes, NetlinkProtocol.ErrorText)),
            offset.Length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(offset) : -1);
        return true;
    }
}
