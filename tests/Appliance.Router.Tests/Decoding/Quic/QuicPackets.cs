using System.Security.Cryptography;
using Appliance.Router.Decoding.Quic;

namespace Appliance.Router.Tests.Decoding.Quic;

/// <summary>Initial packets of a client, protected as RFC 9001, 5, says.</summary>
internal static class QuicPackets
{
    public static readonly byte[] ConnectionId = Convert.FromHexString("8394c8f03e515708");

    public static byte[] Initial(byte[] frames, uint version = QuicKeys.Version1, uint number = 2, byte[]? token = null, byte[]? connectionId = null)
    {
        var destination = connectionId ?? ConnectionId;
        var (key, nonce, mask) = Keys(version, destination);
        byte[] plain = [.. frames, .. new byte[Math.Max(0, 1162 - frames.Length)]];
        byte[] header =
        [
            (byte)((version == QuicKeys.Version1 ? 0xc0 : 0xd0) | 3), .. Frames.UInt32(version), (byte)destination.Length, .. destination, 0,
            .. Number(token?.Length ?? 0), .. token ?? [], .. Number(4 + plain.Length + 16), .. Frames.UInt32(number),
        ];
        for (var i = 0; i < 4; i++)
        {
            nonce[8 + i] ^= header[^(4 - i)];
        }

        var cipher = new byte[plain.Length];
        var tag = new byte[16];
        using var gcm = new AesGcm(key, 16);
        gcm.Encrypt(nonce, plain, cipher, tag, header);
        using var aes = Aes.Create();
        aes.SetKey(mask);
        var bits = aes.EncryptEcb(cipher.AsSpan(0, 16), PaddingMode.None);
        header[0] ^= (byte)(bits[0] & 0x0f);
        for (var i = 0; i < 4; i++)
        {
            header[^(4 - i)] ^= bits[1 + i];
        }

        return [.. header, .. cipher, .. tag];
    }

    public static (byte[] Key, byte[] Nonce, byte[] Mask) Keys(uint version, byte[] connectionId)
    {
        var (key, nonce, mask) = (new byte[QuicKeys.KeyLength], new byte[QuicKeys.NonceLength], new byte[QuicKeys.KeyLength]);
        QuicKeys.Derive(version, connectionId, key, nonce, mask);
        return (key, nonce, mask);
    }

    public static byte[] Crypto(int offset, byte[] part) => [6, .. Number(offset), .. Number(part.Length), .. part];

    public static byte[] Number(int value) => value < 64 ? [(byte)value] : [(byte)(0x40 | (value >> 8)), (byte)value];
}
