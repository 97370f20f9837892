namespace Appliance.Router.Decoding.Dns;

/// <summary>IANA numbers of the record types that decoding looks into.</summary>
public static class DnsTypes
{
    public const ushort Address = 1;
    public const ushort NameServer = 2;
    public const ushort CanonicalName = 5;
    public const ushort NamePointer = 12;
    public const ushort MailExchange = 15;
    public const ushort Text = 16;
    public const ushort AddressV6 = 28;
    public const ushort Service = 33;

    /// <summary>EDNS(0), which is no record of a name (RFC 6891).</summary>
    public const ushort Options = 41;
}
