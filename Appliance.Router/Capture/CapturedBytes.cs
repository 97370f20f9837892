using System.Buffers.Binary;

namespace Appliance.Router.Capture;

/// <summary>A frame's bytes as they were on the wire: a VLAN tag that the network card took off is put back.</summary>
/// <remarks>As libpcap does. The tag's priority is not known, nor is an outer tag's own protocol (802.1ad); both are written as 802.1Q without one.</remarks>
internal static class CapturedBytes
{
    public const int TagBytes = 4;
    private const int Addresses = 12;
    private const ushort TagProtocol = 0x8100;

    public static long OriginalLength(in Frame frame) => frame.OriginalLength + (HasTag(frame) ? TagBytes : 0);

    /// <summary>Copies as much as the limit allows; gives the length.</summary>
    public static int Copy(in Frame frame, int limit, Span<byte> target)
    {
        var bytes = frame.Bytes;
        if (!HasTag(frame))
        {
            bytes = bytes[..Math.Min(bytes.Length, limit)];
            bytes.CopyTo(target);
            return bytes.Length;
        }

        bytes[..Addresses].CopyTo(target);
        BinaryPrimitives.WriteUInt16BigEndian(target[Addresses..], TagProtocol);
        BinaryPrimitives.WriteUInt16BigEndian(target[(Addresses + 2)..], frame.StrippedVlanId);
        bytes[Addresses..].CopyTo(target[(Addresses + TagBytes)..]);
        return Math.Min(bytes.Length + TagBytes, limit);
    }

    private static bool HasTag(in Frame frame) => frame.StrippedVlanId != 0 && frame.Bytes.Length >= Addresses;
}
