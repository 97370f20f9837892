namespace Appliance.Router.Decoding;

/// <summary>Log-ins of FTP by the reply to USER and PASS (RFC 959, 5.4).</summary>
internal static class FtpLogins
{
    private const int CommandLength = 5;

    /// <summary>The commands that a client may begin with.</summary>
    public static bool IsCommand(ReadOnlySpan<byte> payload) =>
        AsciiText.Begins(payload, "USER "u8) || AsciiText.Begins(payload, "PASS "u8) || AsciiText.Begins(payload, "AUTH "u8) || AsciiText.Begins(payload, "FEAT"u8) || AsciiText.Begins(payload, "SYST"u8);

    public static LoginOutcome Observe(ref LoginTrack track, ReadOnlySpan<byte> payload, bool isFromSource)
    {
        if (isFromSource)
        {
            track.IsPending = AsciiText.Begins(payload, "USER "u8) || AsciiText.Begins(payload, "PASS "u8);
            Type(ref track, payload);
            return LoginOutcome.None;
        }

        if (!track.IsPending || payload.Length < 3)
        {
            return LoginOutcome.None;
        }

        track.IsPending = false;
        if (payload.StartsWith("530"u8) || payload.StartsWith("430"u8))
        {
            return LoginOutcome.Failed;
        }

        return payload.StartsWith("230"u8) ? LoginOutcome.Succeeded : LoginOutcome.None;
    }

    // Line by line, however the segments are divided.
    private static void Type(ref LoginTrack track, ReadOnlySpan<byte> payload)
    {
        foreach (var value in payload)
        {
            if (value == '\n')
            {
                EndLine(ref track);
            }
            else if (value != '\r')
            {
                track.Typed.Line.Add(value);
            }
        }
    }

    private static void EndLine(ref LoginTrack track)
    {
        ref var typed = ref track.Typed;
        if (typed.Line.IsTooLong)
        {
            // It may have been a name, and then the password is not one of the name before.
            typed.Wipe();
        }
        else if (AsciiText.Begins(typed.Line.Bytes, "USER "u8))
        {
            typed.TakeName(CommandLength);
            track.IsDefault = false;
        }
        else if (AsciiText.Begins(typed.Line.Bytes, "PASS "u8))
        {
            track.IsDefault = typed.TakePassword(CommandLength);
        }

        typed.Line.Wipe();
    }
}
