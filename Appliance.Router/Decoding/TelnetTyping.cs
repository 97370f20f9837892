namespace Appliance.Router.Decoding;

/// <summary>What a client types into a Telnet log-in, a character or a line at a time.</summary>
internal struct TelnetTyping
{
    private const byte Backspace = 0x08;
    private const byte KillLine = 0x15;
    private const byte Delete = 0x7f;

    private TelnetFilter _filter;
    private byte _last;

    /// <summary>Takes what came in a segment; whether its last line completed a default that makers ship, null when it has no whole line.</summary>
    /// <remarks>A line before the prompt for a password is a name; a second one in the same segment is the password of a program that does not wait.</remarks>
    public bool? Take(ReadOnlySpan<byte> payload, bool isPrompted, ref TypedCredentials credentials)
    {
        bool? isDefault = null;
        foreach (var value in payload)
        {
            if (!_filter.IsText(value))
            {
                continue;
            }

            if (IsLineEnd(value))
            {
                isDefault = EndLine(isPrompted || isDefault is not null, ref credentials);
            }
            else
            {
                Edit(value, ref credentials.Line);
            }

            _last = value;
        }

        return isDefault;
    }

    private static bool EndLine(bool isPassword, ref TypedCredentials credentials)
    {
        if (isPassword)
        {
            return credentials.TakePassword();
        }

        credentials.TakeName();
        return false;
    }

    // RFC 854: a line ends with CR LF, a return alone is CR NUL; programs send LF alone too.
    private readonly bool IsLineEnd(byte value) => value == '\r' || (value == '\n' && _last != '\r');

    private static void Edit(byte value, ref TypedText line)
    {
        switch (value)
        {
            // The second half of a line's end.
            case (byte)'\n' or 0:
                break;
            case Backspace or Delete:
                line.Delete();
                break;
            case KillLine:
                line.Wipe();
                break;
            default:
                line.Add(value);
                break;
        }
    }
}
