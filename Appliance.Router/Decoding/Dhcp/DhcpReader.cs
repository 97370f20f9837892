using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dhcp;

/// <summary>Reads DHCP messages of IPv4 (RFC 2131, RFC 2132).</summary>
internal static class DhcpReader
{
    public const ushort ServerPort = 67;
    public const ushort ClientPort = 68;
    private const int OptionsOffset = 240;
    private const int CookieOffset = 236;
    private const uint Cookie = 0x6382_5363;
    private const int HardwareTypeOffset = 1;
    private const int ClientAddressOffset = 12;
    private const int YourAddressOffset = 16;
    private const int HardwareAddressOffset = 28;
    private const int ServerNameOffset = 44;
    private const int FileOffset = 108;
    private const byte Ethernet = 1;

    // Clients try the first few; an option has room for 63.
    private const int MaxAddresses = 8;

    // RFC 4702, 2.1: the name is in the form of DNS messages, not in ASCII.
    private const byte EncodedNameFlag = 0x04;
    private const int QualifiedNameOffset = 3;

    /// <summary>Reads a message that says what it does; plain BOOTP does not.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, in FactOrigin origin, [NotNullWhen(true)] out DhcpFact? fact)
    {
        fact = null;
        if (message.Length < OptionsOffset || message[0] is not (1 or 2) || BinaryPrimitives.ReadUInt32BigEndian(message[CookieOffset..]) != Cookie)
        {
            return false;
        }

        var options = new DhcpOptions();
        options.Read(message[OptionsOffset..]);

        // Options may go on where file and server name would stand (RFC 2132, 9.3).
        var overload = options.Overload;
        if ((overload & 1) != 0)
        {
            options.Read(message[FileOffset..CookieOffset]);
        }

        if ((overload & 2) != 0)
        {
            options.Read(message[ServerNameOffset..FileOffset]);
        }

        if (options.Kind == DhcpKind.None)
        {
            return false;
        }

        fact = new DhcpFact(origin, options.Kind)
        {
            ClientMac = message[HardwareTypeOffset] == Ethernet ? new(BinaryPrimitives.ReadUInt64BigEndian(message[HardwareAddressOffset..]) >> 16) : default,
            HostName = HostName(options),
            VendorClass = PlainText.Of(options.VendorClass.TrimEnd((byte)0)),
            Fingerprint = DhcpText.Numbers(options.Wanted, size: 1),
            RequestedAddress = Address(options.RequestedAddress) ?? Address(message.Slice(ClientAddressOffset, IPAddresses.IPv4Length)),
            LeaseAddress = Address(message.Slice(YourAddressOffset, IPAddresses.IPv4Length)),
            LeaseDuration = options.LeaseTime.Length == sizeof(uint) ? TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(options.LeaseTime)) : null,
            Routers = Addresses(options.Routers),
            DnsServers = Addresses(options.DnsServers),
        };
        return true;
    }

    private static string HostName(in DhcpOptions options)
    {
        if (!options.HostName.IsEmpty || options.QualifiedName.Length <= QualifiedNameOffset)
        {
            return PlainText.Of(options.HostName.TrimEnd((byte)0));
        }

        var name = options.QualifiedName[QualifiedNameOffset..];
        return (options.QualifiedName[0] & EncodedNameFlag) != 0 ? DnsName.ReadAlone(name) : PlainText.Of(name.TrimEnd((byte)0));
    }

    private static UInt128[] Addresses(ReadOnlySpan<byte> bytes)
    {
        UInt128[] addresses = bytes.Length < IPAddresses.IPv4Length ? [] : new UInt128[Math.Min(bytes.Length / IPAddresses.IPv4Length, MaxAddresses)];
        for (var i = 0; i < addresses.Length; i++)
        {
            addresses[i] = IPAddresses.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * IPAddresses.IPv4Length)..]));
        }

        return addresses;
    }

    private static UInt128? Address(ReadOnlySpan<byte> bytes)
    {
        var address = bytes.Length == IPAddresses.IPv4Length ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return address == 0 ? null : IPAddresses.FromIPv4(address);
    }
}
