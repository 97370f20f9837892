namespace Appliance.Router.Decoding;

/// <summary>Log-ins of FTP by the reply to USER and PASS (RFC 959, 5.4).</summary>
internal static class FtpLogins
{
    private const int CommandLength = 5;
    private const int CodeLength = 3;

    /// <summary>The commands that a client may begin with.</summary>
    public static bool IsCommand(ReadOnlySpan<byte> payload) =>
        AsciiText.Begins(payload, "USER "u8) || AsciiText.Begins(payload, "PASS "u8) || AsciiText.Begins(payload, "AUTH "u8) || AsciiText.Begins(payload, "FEAT"u8) || AsciiText.Begins(payload, "SYST"u8);

    /// <summary>Whether more bytes may make one of these commands.</summary>
    public static bool MayBecomeCommand(ReadOnlySpan<byte> payload) =>
        AsciiText.Meets(payload, "USER "u8) || AsciiText.Meets(payload, "PASS "u8) || AsciiText.Meets(payload, "AUTH "u8) || AsciiText.Meets(payload, "FEAT"u8) || AsciiText.Meets(payload, "SYST"u8);

    public static int Read(ref LoginTrack track, ReadOnlySpan<byte> bytes, bool isFromSource)
    {
        if (!isFromSource)
        {
            return ReadReplies(ref track, bytes);
        }

        foreach (var value in bytes)
        {
            Type(ref track, value);
        }

        // Servers that end no line are answered all the same.
        track.IsMidLine = false;
        return bytes.Length;
    }

    private static void Type(ref LoginTrack track, byte value)
    {
        ref var line = ref track.Typed.Line;
        if (value == '\n')
        {
            EndLine(ref track);
        }
        else if (value != '\r')
        {
            line.Add(value);
            if (line.Bytes.Length == CommandLength)
            {
                track.IsPending = IsLogin(line.Bytes);
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
        else if (!IsLogin(typed.Line.Bytes))
        {
            track.IsPending = false;
        }
        else if (AsciiText.Begins(typed.Line.Bytes, "USER "u8))
        {
            typed.TakeName(CommandLength);
            track.Judge(isDefault: false);
        }
        else
        {
            track.Judge(typed.TakePassword(CommandLength));
        }

        typed.Line.Wipe();
    }

    private static bool IsLogin(ReadOnlySpan<byte> line) => AsciiText.Begins(line, "USER "u8) || AsciiText.Begins(line, "PASS "u8);

    private static int ReadReplies(ref LoginTrack track, ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (track.IsPending && used < bytes.Length)
        {
            var rest = bytes[used..];
            var end = rest.IndexOf((byte)'\n');
            if (!track.IsMidLine)
            {
                if (end < 0 && rest.Length < CodeLength)
                {
                    return used;
                }

                ReadCode(ref track, rest);
            }

            track.IsMidLine = end < 0;
            used += end < 0 ? rest.Length : end + 1;
        }

        if (used < bytes.Length)
        {
            track.IsMidLine = bytes[^1] != '\n';
        }

        return bytes.Length;
    }

    // Of a reply of several lines the first tells (RFC 959, 4.2); the others may begin with anything.
    private static void ReadCode(ref LoginTrack track, ReadOnlySpan<byte> line)
    {
        // The reply to a name asks for the password or an account: that of the password, which may have been sent with it, is still to come.
        var isCode = line.Length >= CodeLength && !line[..CodeLength].ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (!isCode || line.StartsWith("331"u8) || line.StartsWith("332"u8))
        {
            return;
        }

        track.IsPending = false;
        if (line.StartsWith("530"u8) || line.StartsWith("430"u8))
        {
            track.Conclude(LoginOutcome.Failed);
        }
        else if (line.StartsWith("230"u8))
        {
            track.Conclude(LoginOutcome.Succeeded);
        }
    }
}
