namespace Appliance.Router.Decoding.Dns;

/// <summary>A resource record: whose it is, its type by the IANA number, and what it says.</summary>
/// <remarks>The value is an address, a name ("name:port" for SRV) or a text; empty for types that say none of these.</remarks>
public sealed record DnsRecord(string Name, ushort Type, uint TimeToLive, int ContentBytes, string Value)
{
    /// <summary>The strings of a TXT record in multicast DNS, one by one; empty for all others.</summary>
    public IReadOnlyList<string> Strings { get; init; } = [];
}
