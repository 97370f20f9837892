using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Appliance.Hosting.Audit;

/// <summary>The chain of hashes: an entry that is changed, taken out or put in later breaks it from there on.</summary>
/// <remarks>
/// Hashed are the 32 bytes before (zeros for the first entry), then the entry: sequence and time (UTC ticks of 100 ns since the year 1)
/// as 8 bytes each, one byte 1 or 0 for allowed, then actor, action, subject and reason in UTF-8, each after its length in 4 bytes.
/// Numbers are big endian. The lengths keep "ab" + "c" apart from "a" + "bc".
/// </remarks>
public static class AuditChain
{
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>Stands before the first entry.</summary>
    public static ReadOnlyMemory<byte> Start { get; } = new byte[HashLength];

    public static byte[] HashOf(ReadOnlySpan<byte> before, AuditEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var value in (ReadOnlySpan<long>)[entry.Sequence, entry.Time.UtcTicks])
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            hash.AppendData(number);
        }

        hash.AppendData([entry.Allowed ? (byte)1 : (byte)0]);
        foreach (var text in (ReadOnlySpan<string>)[entry.Actor, entry.Action, entry.Subject, entry.Reason])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(number, bytes.Length);
            hash.AppendData(number[..sizeof(int)]);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>True when the entry continues a chain that ends with this hash.</summary>
    public static bool Continues(ReadOnlySpan<byte> before, AuditEntry entry) => HashOf(before, entry).AsSpan().SequenceEqual(entry.Hash.Span);
}
