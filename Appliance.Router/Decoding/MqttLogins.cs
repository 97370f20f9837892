using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Decoding;

/// <summary>Log-ins of MQTT 3.1, 3.1.1 and 5 by the reason code of CONNACK.</summary>
internal static class MqttLogins
{
    private const byte Connect = 0x10;
    private const byte ConnAck = 0x20;

    // Type, length in four bytes, the longer protocol name, version and flags.
    private const int TellingLength = 15;

    // Return codes of 3.1.1 (3.2.2.3) and reason codes of 5 (3.2.2.2).
    private const byte Accepted = 0;
    private const byte BadCredentials = 4;
    private const byte NotAuthorized = 5;
    private const byte BadCredentials5 = 0x86;
    private const byte NotAuthorized5 = 0x87;
    private const byte BadMethod5 = 0x8c;
    private const byte UserNameFlag = 0x80;

    public static bool IsConnect(ReadOnlySpan<byte> payload) => TryFindFlags(payload, out _);

    /// <summary>Whether more bytes may make a CONNECT of these.</summary>
    public static bool MayBecomeConnect(ReadOnlySpan<byte> payload) => payload.Length < TellingLength && payload[0] == Connect;

    public static int Read(ref LoginTrack track, ReadOnlySpan<byte> bytes, bool isFromSource)
    {
        if (!isFromSource)
        {
            return ReadAcknowledgment(ref track, bytes);
        }

        if (MayBecomeConnect(bytes))
        {
            return 0;
        }

        if (!TryFindFlags(bytes, out var flags))
        {
            return bytes.Length;
        }

        // Of one that is longer than what is kept the credentials are not looked at.
        if (MqttConnect.LengthOf(bytes) is var length && length > bytes.Length && length <= StreamHead.Capacity)
        {
            return 0;
        }

        track.IsPending = true;
        track.Judge(MqttConnect.TryRead(bytes, out var connect) && DefaultCredentials.Contains(connect.Name, connect.Password));

        // Being let in without a name is no log-in.
        track.HasSucceeded = (flags & UserNameFlag) == 0;
        return bytes.Length;
    }

    private static int ReadAcknowledgment(ref LoginTrack track, ReadOnlySpan<byte> bytes)
    {
        if (!track.IsPending || bytes[0] != ConnAck)
        {
            return bytes.Length;
        }

        // Properties of MQTT 5 can make its length take more than a byte.
        var codePlace = 1;
        while (codePlace < bytes.Length && codePlace < 4 && (bytes[codePlace] & 0x80) != 0)
        {
            codePlace++;
        }

        codePlace += 2;
        if (bytes.Length <= codePlace)
        {
            return 0;
        }

        track.IsPending = false;
        track.IsDone = true;
        track.Conclude(bytes[codePlace] switch
        {
            BadCredentials or NotAuthorized or BadCredentials5 or NotAuthorized5 or BadMethod5 => LoginOutcome.Failed,
            Accepted when !track.HasSucceeded => LoginOutcome.Succeeded,
            _ => LoginOutcome.None,
        });
        return bytes.Length;
    }

    // CONNECT: type 1, length in one to four bytes, protocol name "MQTT" or (3.1) "MQIsdp", version, flags.
    private static bool TryFindFlags(ReadOnlySpan<byte> payload, out byte flags)
    {
        flags = 0;
        var offset = 1;
        while (offset < payload.Length && offset < 5 && (payload[offset] & 0x80) != 0)
        {
            offset++;
        }

        if (payload.Length < offset + 1 || payload[0] != Connect)
        {
            return false;
        }

        var rest = payload[(offset + 1)..];
        var nameLength = rest.StartsWith("\0\u0004MQTT"u8) ? 6 : 8;
        if ((nameLength == 8 && !rest.StartsWith("\0\u0006MQIsdp"u8)) || rest.Length < nameLength + 2)
        {
            return false;
        }

        flags = rest[nameLength + 1];
        return true;
    }
}
