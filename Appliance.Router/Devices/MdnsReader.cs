using Appliance.Router.Decoding.Dns;

namespace Appliance.Router.Devices;

/// <summary>What a multicast DNS response says of its sender: its names and the services that it offers (RFC 6762, RFC 6763).</summary>
internal static class MdnsReader
{
    private const string Domain = ".local";
    private const string Services = "_services._dns-sd._udp";

    public static IEnumerable<Observation> Read(DnsFact dns)
    {
        if (!dns.IsResponse)
        {
            yield break;
        }

        var sender = Decoding.IPAddresses.ToIPAddress(dns.Origin.Source).ToString();
        foreach (var trait in dns.Answers.Concat(dns.Additional).SelectMany(record => TraitsOf(record, sender)).Distinct())
        {
            yield return new(dns.Origin.SourceMac, dns.Origin.Time) { Trait = trait };
        }
    }

    private static IEnumerable<DeviceTrait> TraitsOf(DnsRecord record, string sender)
    {
        var name = WithoutDomain(record.Name);
        switch (record.Type)
        {
            // A proxy for sleeping devices answers for others: only the sender's own address names the sender.
            case DnsTypes.Address or DnsTypes.AddressV6 when record.Value == sender && name.Length > 0:
                yield return new(TraitSource.MdnsName, name);
                break;
            case DnsTypes.NamePointer when name == Services:
                yield return new(TraitSource.MdnsService, WithoutDomain(record.Value));
                break;
            case DnsTypes.NamePointer when name.StartsWith('_'):
                yield return new(TraitSource.MdnsService, name);
                break;

            // "Kitchen._googlecast._tcp": what people call the thing, and the service.
            case DnsTypes.Service when name.IndexOf("._", StringComparison.Ordinal) is > 0 and var end:
                yield return new(TraitSource.MdnsName, name[..end]);
                yield return new(TraitSource.MdnsService, name[(end + 1)..]);
                break;
            case DnsTypes.Text:
                foreach (var trait in record.Strings.Select(MdnsText.Read).OfType<DeviceTrait>())
                {
                    yield return trait;
                }

                break;
            default:
                break;
        }
    }

    private static string WithoutDomain(string name)
    {
        var plain = name.TrimEnd('.');
        return plain.EndsWith(Domain, StringComparison.OrdinalIgnoreCase) ? plain[..^Domain.Length] : plain;
    }
}
