using System.Buffers.Binary;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dhcp;

/// <summary>The options of a DHCPv6 message that facts are made of (RFC 8415, 21); of one given twice the first.</summary>
internal ref struct DhcpV6Options
{
    private const ushort ClientId = 1;
    private const ushort AddressAssociation = 3;
    private const ushort AssociatedAddress = 5;
    private const ushort Request = 6;
    private const ushort Vendor = 16;
    private const ushort ClientName = 39;
    private const int AssociationHeader = 12;
    private const int EnterpriseLength = 4;
    private const ushort LinkLayerAndTime = 1;
    private const ushort LinkLayer = 3;
    private const ushort Ethernet = 1;

    /// <summary>From a DUID that is made of an Ethernet address.</summary>
    public MacAddress ClientMac { get; private set; }

    /// <summary>Option 39, its flags first (RFC 4704).</summary>
    public ReadOnlySpan<byte> QualifiedName { get; private set; }

    public ReadOnlySpan<byte> VendorClass { get; private set; }

    /// <summary>Option 6.</summary>
    public ReadOnlySpan<byte> Wanted { get; private set; }

    /// <summary>The first address of the first association.</summary>
    public UInt128? Address { get; private set; }

    public uint ValidSeconds { get; private set; }

    public static bool TryFind(ReadOnlySpan<byte> options, ushort wanted, out ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(options);
        while (reader.TryUInt16(out var code) && reader.TryBlock16(out value))
        {
            if (code == wanted)
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        while (reader.TryUInt16(out var code) && reader.TryBlock16(out var value))
        {
            Take(code, value);
        }
    }

    private void Take(ushort code, ReadOnlySpan<byte> value)
    {
        switch (code)
        {
            case ClientId when ClientMac.IsEmpty:
                ClientMac = ReadUniqueId(value);
                break;
            case AddressAssociation when Address is null && value.Length > AssociationHeader && TryFind(value[AssociationHeader..], AssociatedAddress, out var address):
                TakeAddress(address);
                break;
            case Request when Wanted.IsEmpty:
                Wanted = value;
                break;
            case Vendor when VendorClass.IsEmpty && value.Length > EnterpriseLength:
                var vendor = new ByteReader(value[EnterpriseLength..]);
                VendorClass = vendor.TryBlock16(out var name) ? name : default;
                break;
            case ClientName when QualifiedName.IsEmpty:
                QualifiedName = value;
                break;
            default:
                break;
        }
    }

    private void TakeAddress(ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value);
        if (reader.TryTake(IPAddresses.IPv6Length, out var address) && reader.TrySkip(sizeof(uint)) && reader.TryUInt32(out var validSeconds))
        {
            Address = BinaryPrimitives.ReadUInt128BigEndian(address);
            ValidSeconds = validSeconds;
        }
    }

    // RFC 8415, 11.2 and 11.4: a DUID of a link-layer address, with or without a time before it.
    private static MacAddress ReadUniqueId(ReadOnlySpan<byte> id)
    {
        var reader = new ByteReader(id);
        var isMade = reader.TryUInt16(out var type) && reader.TryUInt16(out var hardware) && hardware == Ethernet
            && (type == LinkLayer || (type == LinkLayerAndTime && reader.TrySkip(sizeof(uint))));
        return isMade && reader.Rest.Length == MacAddress.Length ? new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(reader.Rest) << 32) | BinaryPrimitives.ReadUInt32BigEndian(reader.Rest[2..])) : default;
    }
}
