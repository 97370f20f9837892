namespace Appliance.Router.Decoding;

/// <summary>What a client types into a Telnet log-in, a character or a line at a time.</summary>
internal struct TelnetTyping
{
    private const byte Backspace = 0x08;
    private const byte KillLine = 0x15;
    private const byte Delete = 0x7f;

    private TelnetFilter _filter;
    private byte _last;

    /// <summary>A name has been typed, and nothing asked for since: a program that does not wait types the password next.</summary>
    public bool HasName { get; set; }

    /// <summary>Whether a byte is something typed, and no command.</summary>
    public bool IsText(byte value) => _filter.IsText(value);

    /// <summary>Takes a byte that is; true when it ends the line.</summary>
    public bool EndsLine(byte value, ref TypedText line)
    {
        // RFC 854: a line ends with CR LF, a return alone is CR NUL; programs send LF alone too.
        var isEnd = value == '\r' || (value == '\n' && _last != '\r');
        _last = value;
        if (!isEnd)
        {
            Edit(value, ref line);
        }

        return isEnd;
    }

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
