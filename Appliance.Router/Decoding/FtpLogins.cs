namespace Appliance.Router.Decoding;

/// <summary>Log-ins of FTP by the reply to USER and PASS (RFC 959, 5.4).</summary>
internal static class FtpLogins
{
    /// <summary>The commands that a client may begin with.</summary>
    public static bool IsCommand(ReadOnlySpan<byte> payload) =>
        AsciiText.Begins(payload, "USER "u8) || AsciiText.Begins(payload, "PASS "u8) || AsciiText.Begins(payload, "AUTH "u8) || AsciiText.Begins(payload, "FEAT"u8) || AsciiText.Begins(payload, "SYST"u8);

    public static LoginOutcome Observe(ref LoginTrack track, ReadOnlySpan<byte> payload, bool isFromSource)
    {
        if (isFromSource)
        {
            track.IsPending = AsciiText.Begins(payload, "USER "u8) || AsciiText.Begins(payload, "PASS "u8);
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
}
