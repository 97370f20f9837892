using System.Buffers;
using System.Security.Cryptography;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Quic;

/// <summary>One Initial packet of a datagram, still protected (RFC 9000, 17.2.2).</summary>
internal readonly ref struct QuicInitial
{
    private const byte LongForm = 0xc0;
    private const int TypeShift = 4;
    private const int TypeMask = 3;
    private const byte ProtectedBits = 0x0f;
    private const int MaxConnectionId = 20;
    private const int SampleOffset = 4;
    private const int SampleLength = 16;
    private const int TagLength = 16;

    private readonly uint _version;
    private readonly ReadOnlySpan<byte> _connectionId;
    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _numberOffset;

    private QuicInitial(uint version, ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> packet, int numberOffset)
    {
        _version = version;
        _connectionId = connectionId;
        _packet = packet;
        _numberOffset = numberOffset;
    }

    /// <summary>Bytes of the datagram that the packet takes; others may follow it.</summary>
    public int Length => _packet.Length;

    /// <summary>Reads the header; false when no Initial packet of a known version begins here.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out QuicInitial initial)
    {
        initial = default;
        var reader = new ByteReader(datagram);
        if (!reader.TryByte(out var first) || (first & LongForm) != LongForm || !reader.TryUInt32(out var version) || !IsInitial(first, version)
            || !reader.TryBlock8(out var destination) || destination.Length > MaxConnectionId || !reader.TryBlock8(out _)
            || !QuicNumber.TryRead(ref reader, out var tokenLength) || tokenLength > datagram.Length || !reader.TrySkip((int)tokenLength)
            || !QuicNumber.TryRead(ref reader, out var length) || length > reader.Rest.Length || length < SampleOffset + SampleLength)
        {
            return false;
        }

        var offset = datagram.Length - reader.Rest.Length;
        initial = new QuicInitial(version, destination, datagram[..(offset + (int)length)], offset);
        return true;
    }

    /// <summary>Decrypts the frames into a buffer that holds a whole packet, and says how many bytes they are; false when the packet is not what it seems.</summary>
    public bool TryOpen(Span<byte> frames, out int length)
    {
        Span<byte> key = stackalloc byte[QuicKeys.KeyLength];
        Span<byte> nonce = stackalloc byte[QuicKeys.NonceLength];
        Span<byte> mask = stackalloc byte[QuicKeys.KeyLength];
        QuicKeys.Derive(_version, _connectionId, key, nonce, mask);
        var header = ArrayPool<byte>.Shared.Rent(_numberOffset + SampleOffset);
        try
        {
            var headerLength = Unmask(mask, header, nonce);
            return TryDecrypt(key, nonce, header.AsSpan(0, headerLength), frames, out length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(header);
        }
    }

    private static bool IsInitial(byte first, uint version) => version switch
    {
        QuicKeys.Version1 => ((first >> TypeShift) & TypeMask) == 0,
        QuicKeys.Version2 => ((first >> TypeShift) & TypeMask) == 1,
        _ => false,
    };

    // RFC 9001, 5.4: takes the protection off first byte and packet number, puts the number into the nonce, and gives the header's length.
    private int Unmask(ReadOnlySpan<byte> maskKey, Span<byte> header, Span<byte> nonce)
    {
        Span<byte> mask = stackalloc byte[SampleLength];
        using (var aes = Aes.Create())
        {
            aes.SetKey(maskKey);
            aes.EncryptEcb(_packet.Slice(_numberOffset + SampleOffset, SampleLength), mask, PaddingMode.None);
        }

        _packet[..(_numberOffset + SampleOffset)].CopyTo(header);
        header[0] ^= (byte)(mask[0] & ProtectedBits);
        var numberLength = (header[0] & 3) + 1;
        for (var i = 0; i < numberLength; i++)
        {
            header[_numberOffset + i] ^= mask[1 + i];
            nonce[^(numberLength - i)] ^= header[_numberOffset + i];
        }

        return _numberOffset + numberLength;
    }

    private bool TryDecrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> header, Span<byte> frames, out int length)
    {
        var content = _packet[header.Length..];
        length = content.Length - TagLength;
        if (length <= 0)
        {
            return false;
        }

        using var gcm = new AesGcm(key, TagLength);
        try
        {
            gcm.Decrypt(nonce, content[..length], content[length..], frames[..length], header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            // Damaged on the way, or no QUIC at all.
            return false;
        }
    }
}
