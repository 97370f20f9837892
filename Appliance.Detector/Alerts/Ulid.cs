using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Appliance.Detector.Alerts;

/// <summary>Alert ids in the form of the ULID specification: 48 bits of time, 80 bits that tell apart.</summary>
/// <remarks>The 80 bits are a hash of what the alert is about, so that the same capture gives the same ids, and events
/// that are looked at twice after a crash raise no second alert.</remarks>
internal static class Ulid
{
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32.

    public static string Of(DateTimeOffset time, string subject)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(subject), hash);
        var low = BinaryPrimitives.ReadUInt128BigEndian(hash) >> 48;
        var milliseconds = (ulong)Math.Max(0, time.ToUnixTimeMilliseconds());
        var value = ((UInt128)milliseconds << 80) | low;
        return string.Create(Length, value, static (text, bits) =>
        {
            for (var i = Length - 1; i >= 0; i--)
            {
                text[i] = Alphabet[(int)(bits & 31)];
                bits >>= 5;
            }
        });
    }
}
