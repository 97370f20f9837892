using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dhcp;

/// <summary>The options of a DHCP message that facts are made of (RFC 2132); of one given twice the first.</summary>
internal ref struct DhcpOptions
{
    private const byte Pad = 0;
    private const byte End = 255;

    public DhcpKind Kind { get; private set; }

    /// <summary>Bits: 1 the file field, 2 the server name field hold options too.</summary>
    public byte Overload { get; private set; }

    public ReadOnlySpan<byte> HostName { get; private set; }

    /// <summary>Option 81, flags and all.</summary>
    public ReadOnlySpan<byte> QualifiedName { get; private set; }

    public ReadOnlySpan<byte> VendorClass { get; private set; }

    /// <summary>Option 55.</summary>
    public ReadOnlySpan<byte> Wanted { get; private set; }

    public ReadOnlySpan<byte> RequestedAddress { get; private set; }

    public ReadOnlySpan<byte> LeaseTime { get; private set; }

    /// <summary>Option 3.</summary>
    public ReadOnlySpan<byte> Routers { get; private set; }

    /// <summary>Option 6.</summary>
    public ReadOnlySpan<byte> DnsServers { get; private set; }

    /// <summary>Takes the options up to the end mark, or as far as they are whole.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        while (reader.TryByte(out var code) && code != End)
        {
            if (code == Pad)
            {
                continue;
            }

            if (!reader.TryBlock8(out var value))
            {
                return;
            }

            Take(code, value);
        }
    }

    private void Take(byte code, ReadOnlySpan<byte> value)
    {
        switch (code)
        {
            case 3 when Routers.IsEmpty:
                Routers = value;
                break;
            case 6 when DnsServers.IsEmpty:
                DnsServers = value;
                break;
            case 12 when HostName.IsEmpty:
                HostName = value;
                break;
            case 50 when RequestedAddress.IsEmpty:
                RequestedAddress = value;
                break;
            case 51 when LeaseTime.IsEmpty:
                LeaseTime = value;
                break;
            case 52 when value.Length == 1:
                Overload = value[0];
                break;
            case 53 when Kind == DhcpKind.None && value is [> 0 and <= (byte)DhcpKind.Inform]:
                Kind = (DhcpKind)value[0];
                break;
            case 55 when Wanted.IsEmpty:
                Wanted = value;
                break;
            case 60 when VendorClass.IsEmpty:
                VendorClass = value;
                break;
            case 81 when QualifiedName.IsEmpty:
                QualifiedName = value;
                break;
            default:
                break;
        }
    }
}
