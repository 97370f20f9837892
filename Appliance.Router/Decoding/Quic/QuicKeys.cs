using System.Security.Cryptography;

namespace Appliance.Router.Decoding.Quic;

/// <summary>Keys of a client's Initial packets, which all who see them can derive (RFC 9001, 5.2; RFC 9369, 3.3).</summary>
internal static class QuicKeys
{
    public const uint Version1 = 1;
    public const uint Version2 = 0x6b33_43cf;
    public const int KeyLength = 16;
    public const int NonceLength = 12;

    private static ReadOnlySpan<byte> Salt1 => [0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a];

    private static ReadOnlySpan<byte> Salt2 => [0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9];

    /// <summary>Derives from the destination connection id of the client's first packet.</summary>
    public static void Derive(uint version, ReadOnlySpan<byte> connectionId, Span<byte> key, Span<byte> nonce, Span<byte> mask)
    {
        var isFirst = version == Version1;
        Span<byte> initial = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> client = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, connectionId, isFirst ? Salt1 : Salt2, initial);
        Expand(initial, "tls13 client in"u8, client);
        Expand(client, isFirst ? "tls13 quic key"u8 : "tls13 quicv2 key"u8, key);
        Expand(client, isFirst ? "tls13 quic iv"u8 : "tls13 quicv2 iv"u8, nonce);
        Expand(client, isFirst ? "tls13 quic hp"u8 : "tls13 quicv2 hp"u8, mask);
    }

    // HKDF-Expand-Label of RFC 8446, 7.1, with no context.
    private static void Expand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, Span<byte> output)
    {
        Span<byte> about = stackalloc byte[32];
        about[0] = 0;
        about[1] = (byte)output.Length;
        about[2] = (byte)label.Length;
        label.CopyTo(about[3..]);
        about[3 + label.Length] = 0;
        HKDF.Expand(HashAlgorithmName.SHA256, secret, output, about[..(4 + label.Length)]);
    }
}
