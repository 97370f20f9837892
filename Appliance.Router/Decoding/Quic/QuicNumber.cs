using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Quic;

/// <summary>Integers of QUIC, whose length is in their first two bits (RFC 9000, 16).</summary>
internal static class QuicNumber
{
    private const int LengthShift = 6;
    private const byte ValueBits = 0x3f;

    public static bool TryRead(ref ByteReader reader, out long number)
    {
        number = 0;
        if (!reader.TryByte(out var first) || !reader.TryTake((1 << (first >> LengthShift)) - 1, out var rest))
        {
            return false;
        }

        number = first & ValueBits;
        foreach (var next in rest)
        {
            number = (number << 8) | next;
        }

        return true;
    }
}
