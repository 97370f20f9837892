using System.Globalization;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Dhcp;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Decoding.Tls;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>A fact as one line that can be compared.</summary>
internal static class FactLine
{
    public static string? Of(Fact fact) => fact switch
    {
        DnsFact dns => Of(dns),
        DhcpFact { Origin.DestinationPort: DhcpV6Reader.ClientPort or DhcpV6Reader.ServerPort } dhcp => $"dhcpv6 {dhcp.Fingerprint}",
        DhcpFact dhcp => $"dhcp {(int)dhcp.Kind} {dhcp.ClientMac} {dhcp.HostName} {dhcp.VendorClass} {dhcp.Fingerprint} {Address(dhcp.RequestedAddress)} {Address(dhcp.LeaseAddress)} {dhcp.LeaseDuration?.TotalSeconds}",
        SsdpFact { Kind: SsdpKind.Search } ssdp => $"ssdp M-SEARCH  {ssdp.Location}",
        SsdpFact { Kind: SsdpKind.Announcement } ssdp => $"ssdp NOTIFY {ssdp.Product} {ssdp.Location}",
        SsdpFact ssdp => $"ssdp  {ssdp.Product} {ssdp.Location}",
        TlsHelloFact { IsQuic: false, Origin.DestinationPort: 443 } hello => $"tls {hello.ServerName} {Join(hello.Protocols)}",
        HttpFact { Origin.DestinationPort: 80 } http => $"http {http.Method} {http.Host} {http.UserAgent}",
        SshFact ssh when ssh.Origin.DestinationPort == 22 || ssh.Origin.SourcePort == 22 => $"ssh {ssh.Banner}",
        _ => null,
    };

    /// <summary>Names as they are; where they are no plain ASCII, which each reader writes in its own way, only how many.</summary>
    public static string Comparable(string names) => names.All(letter => letter is '\t' or (>= ' ' and <= '~' and not '\\')) && !names.Contains("<Root>", StringComparison.Ordinal) && names != "."
        ? names
        : names.Count(letter => letter == '\t').ToString(CultureInfo.InvariantCulture);

    private static string Of(DnsFact fact)
    {
        var code = fact.IsResponse ? Text(fact.ResponseCode) : "";
        var line = $"dns {fact.Id} {(fact.IsResponse ? 1 : 0)} {code} {Comparable(Join(fact.Questions.Select(question => question.Name)))} {Join(fact.Questions.Select(question => Text(question.Type)))}";
        return fact is { IsResponse: true, AuthoritiesCount: 0 }
            ? $"{line} {Values(fact, DnsTypes.Address)} {Values(fact, DnsTypes.AddressV6)} {Comparable(Values(fact, DnsTypes.CanonicalName))}"
            : line;
    }

    private static string Address(UInt128? address) => address is { } known ? IPAddresses.ToIPAddress(known).ToString() : "0.0.0.0";

    private static string Values(DnsFact fact, ushort type) =>
        Join(fact.Answers.Concat(fact.Additional).Where(record => record.Type == type).Select(record => record.Value));

    private static string Join(IEnumerable<string> values) => string.Join('\t', values);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
