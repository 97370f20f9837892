using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding;

/// <summary>Name and password of a CONNECT (MQTT 3.1.1, 3.1; MQTT 5, 3.1), as long as its bytes.</summary>
internal readonly ref struct MqttConnect(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
{
    private const byte Version5 = 5;
    private const byte WillFlag = 0x04;
    private const byte PasswordFlag = 0x40;
    private const byte NameFlag = 0x80;
    private const int KeepAliveLength = 2;

    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Password { get; } = password;

    /// <summary>Bytes of the packet that begins here; 0 where its length is not there.</summary>
    public static int LengthOf(ReadOnlySpan<byte> packet)
    {
        var reader = new ByteReader(packet);
        return reader.TrySkip(1) && TryNumber(ref reader, out var length) ? packet.Length - reader.Rest.Length + length : 0;
    }

    /// <summary>Reads a whole CONNECT; false when it is cut short or has no name.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out MqttConnect connect)
    {
        connect = default;
        var reader = new ByteReader(packet);
        if (!reader.TrySkip(1) || !TryNumber(ref reader, out _) || !reader.TryBlock16(out _)
            || !reader.TryByte(out var version) || !reader.TryByte(out var flags) || !reader.TrySkip(KeepAliveLength))
        {
            return false;
        }

        var hasProperties = version == Version5;
        if ((flags & NameFlag) == 0 || (hasProperties && !TrySkipProperties(ref reader)) || !reader.TryBlock16(out _))
        {
            return false;
        }

        if ((flags & WillFlag) != 0 && ((hasProperties && !TrySkipProperties(ref reader)) || !reader.TryBlock16(out _) || !reader.TryBlock16(out _)))
        {
            return false;
        }

        ReadOnlySpan<byte> password = default;
        if (!reader.TryBlock16(out var name) || ((flags & PasswordFlag) != 0 && !reader.TryBlock16(out password)))
        {
            return false;
        }

        connect = new(name, password);
        return true;
    }

    private static bool TrySkipProperties(ref ByteReader reader) => TryNumber(ref reader, out var length) && reader.TrySkip(length);

    // Seven bits a byte, the lowest first, four bytes at most.
    private static bool TryNumber(ref ByteReader reader, out int number)
    {
        number = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            if (!reader.TryByte(out var value))
            {
                return false;
            }

            number |= (value & 0x7f) << shift;
            if ((value & 0x80) == 0)
            {
                return true;
            }
        }

        return false;
    }
}
