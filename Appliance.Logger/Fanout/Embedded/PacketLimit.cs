namespace Appliance.Logger.Fanout.Embedded;

/// <summary>Follows the length fields of MQTT packets (MQTT 5, 2.1.4) so that a peer cannot announce one of 256 MB and have it allocated.</summary>
internal sealed class PacketLimit(int maxBytes)
{
    private const int LengthMask = 0x7F;
    private const int MoreBit = 0x80;
    private const int LastShift = 21;
    private Place _place = Place.Type;
    private int _shift;
    private int _length;

    private enum Place
    {
        Type,
        Length,
        Body,
    }

    /// <summary>False as soon as the bytes announce a packet above the limit.</summary>
    public bool TryPass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int taken = 1;
            switch (_place)
            {
                case Place.Type:
                    (_place, _shift, _length) = (Place.Length, 0, 0);
                    break;
                case Place.Length when !TryLength(bytes[0]):
                    return false;
                case Place.Length:
                    break;
                default:
                    taken = Math.Min(_length, bytes.Length);
                    _length -= taken;
                    _place = _length == 0 ? Place.Type : Place.Body;
                    break;
            }

            bytes = bytes[taken..];
        }

        return true;
    }

    private bool TryLength(byte part)
    {
        _length |= (part & LengthMask) << _shift;
        if ((part & MoreBit) != 0)
        {
            _shift += 7;
            return _shift <= LastShift && _length <= maxBytes;
        }

        _place = _length == 0 ? Place.Type : Place.Body;
        return _length <= maxBytes;
    }
}
