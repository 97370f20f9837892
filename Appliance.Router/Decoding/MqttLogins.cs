namespace Appliance.Router.Decoding;

/// <summary>Log-ins of MQTT 3.1, 3.1.1 and 5 by the reason code of CONNACK.</summary>
internal static class MqttLogins
{
    private const byte ConnAck = 0x20;

    // Return codes of 3.1.1 (3.2.2.3) and reason codes of 5 (3.2.2.2).
    private const byte Accepted = 0;
    private const byte BadCredentials = 4;
    private const byte NotAuthorized = 5;
    private const byte BadCredentials5 = 0x86;
    private const byte NotAuthorized5 = 0x87;
    private const byte BadMethod5 = 0x8c;
    private const byte UserNameFlag = 0x80;

    public static bool IsConnect(ReadOnlySpan<byte> payload) => TryFindFlags(payload, out _);

    public static LoginOutcome Observe(ref LoginTrack track, ReadOnlySpan<byte> payload, bool isFromSource)
    {
        if (isFromSource)
        {
            if (TryFindFlags(payload, out var flags))
            {
                track.IsPending = true;
                track.IsDefault = MqttConnect.TryRead(payload, out var connect) && DefaultCredentials.Contains(connect.Name, connect.Password);

                // Being let in without a name is no log-in.
                track.HasSucceeded = (flags & UserNameFlag) == 0;
            }

            return LoginOutcome.None;
        }

        if (!track.IsPending || payload.Length < 4 || payload[0] != ConnAck)
        {
            return LoginOutcome.None;
        }

        track.IsPending = false;
        track.IsDone = true;
        return payload[3] switch
        {
            BadCredentials or NotAuthorized or BadCredentials5 or NotAuthorized5 or BadMethod5 => LoginOutcome.Failed,
            Accepted when !track.HasSucceeded => LoginOutcome.Succeeded,
            _ => LoginOutcome.None,
        };
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

        if (payload.Length < offset + 1 || payload[0] != 0x10)
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
