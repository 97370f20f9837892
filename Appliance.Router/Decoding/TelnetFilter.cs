namespace Appliance.Router.Decoding;

/// <summary>Takes commands and subnegotiations out of a Telnet stream (RFC 854), wherever its segments are divided.</summary>
internal struct TelnetFilter
{
    private const byte Command = 0xff;
    private const byte SubnegotiationBegin = 0xfa;
    private const byte SubnegotiationEnd = 0xf0;
    private const byte FirstOptionCommand = 0xfb;

    private Place _place;

    /// <summary>No command has begun.</summary>
    public readonly bool IsInText => _place == Place.Text;

    private enum Place : byte
    {
        Text,
        Command,
        Option,
        Subnegotiation,
        SubnegotiationCommand,
    }

    /// <summary>Takes a byte; true when it is text.</summary>
    public bool IsText(byte value)
    {
        var before = _place;
        _place = before switch
        {
            Place.Text => value == Command ? Place.Command : Place.Text,
            Place.Command when value == SubnegotiationBegin => Place.Subnegotiation,
            Place.Command when value is >= FirstOptionCommand and < Command => Place.Option,
            Place.Subnegotiation => value == Command ? Place.SubnegotiationCommand : Place.Subnegotiation,
            Place.SubnegotiationCommand => value == SubnegotiationEnd ? Place.Text : Place.Subnegotiation,
            _ => Place.Text,
        };

        // A doubled command byte is the byte itself.
        return before == Place.Text ? value != Command : before == Place.Command && value == Command;
    }
}
