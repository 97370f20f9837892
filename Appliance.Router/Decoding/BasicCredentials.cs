using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Appliance.Router.Decoding;

/// <summary>Name and password of HTTP's Basic scheme (RFC 7617, 2).</summary>
internal static class BasicCredentials
{
    // A name, a colon and a password of those that matter, in base64.
    private const int MaxDecoded = DefaultCredentials.MaxBytes + 1 + DefaultCredentials.MaxBytes;
    private const int MaxEncoded = (MaxDecoded + 2) / 3 * 4;

    /// <summary>Whether they are a default that makers ship.</summary>
    /// <param name="credentials">From the scheme on, to the end of the line or further.</param>
    public static bool AreDefault(ReadOnlySpan<byte> credentials)
    {
        if (!AsciiText.Begins(credentials, "Basic "u8))
        {
            return false;
        }

        var encoded = credentials["Basic ".Length..].TrimStart((byte)' ');
        var end = encoded.IndexOfAny("\r\n"u8);
        if (end is < 0 or > MaxEncoded)
        {
            return false;
        }

        Span<byte> pair = stackalloc byte[MaxEncoded];
        var isDefault = Base64.DecodeFromUtf8(encoded[..end].TrimEnd((byte)' '), pair, out _, out var length) == OperationStatus.Done
            && pair[..length].IndexOf((byte)':') is >= 0 and var colon
            && DefaultCredentials.Contains(pair[..colon], pair[(colon + 1)..length]);
        CryptographicOperations.ZeroMemory(pair);
        return isDefault;
    }
}
