using System.Globalization;
using System.Net;
using System.Text;
using Appliance.Router.Decoding;

namespace Appliance.Router.Network;

/// <summary>The settings as a file of dnsmasq's: the same for the same settings. Values are checked before (<see cref="NetworkRules"/>), so none can begin a line or an option.</summary>
internal static class DnsmasqText
{
    // Kept up to date by Debian's package.
    private const string TrustAnchors = "/usr/share/dnsmasq-base/trust-anchors.conf";

    /// <param name="options">What has been checked.</param>
    /// <param name="folder">Where dnsmasq sees its files.</param>
    public static string Render(NetworkOptions options, string folder)
    {
        var text = new StringBuilder();
        text.Append(
            $"""
            # Written by the appliance at each start; changes here are lost.
            pid-file=
            log-facility=-
            quiet-dhcp
            quiet-dhcp6
            quiet-ra
            no-hosts
            bind-dynamic
            except-interface=lo

            """);
        Names(text, options, folder);
        Addresses(text, options, folder);
        return text.ToString();
    }

    private static void Names(StringBuilder text, NetworkOptions options, string folder)
    {
        Line(text, $"domain={options.Domain}");
        Line(text, $"local=/{options.Domain}/");
        // RFC 6761, 6.1 and RFC 6303: single names and private addresses are nobody's business outside.
        Line(text, $"domain-needed");
        Line(text, $"bogus-priv");
        Line(text, $"cache-size={options.CachedNames}");
        Line(text, $"servers-file={folder}/{DnsmasqFolder.Blocklist}");
        if (options.UpstreamServers.Count == 0)
        {
            Line(text, $"resolv-file={options.ResolvFile}");
        }
        else
        {
            Line(text, $"no-resolv");
            foreach (var server in options.UpstreamServers)
            {
                Line(text, $"server={server}");
            }
        }

        if (options.RebindProtection)
        {
            Line(text, $"stop-dns-rebind");
        }

        if (options.Dnssec)
        {
            Line(text, $"dnssec");
            Line(text, $"conf-file={TrustAnchors}");
        }

        foreach (var entry in options.LocalNames)
        {
            Record(text, options, entry.Name, entry.Address);
        }

        foreach (var lease in options.StaticLeases.Where(lease => lease.Name.Length > 0))
        {
            Record(text, options, lease.Name, lease.Address);
        }
    }

    private static void Record(StringBuilder text, NetworkOptions options, string name, string address)
    {
        var names = name.Contains('.', StringComparison.Ordinal) ? name : $"{name}.{options.Domain},{name}";
        Line(text, $"host-record={names},{address}");
    }

    private static void Addresses(StringBuilder text, NetworkOptions options, string folder)
    {
        // The only server of its networks: a client with an address of another network is told so at once (RFC 2131, 4.3.2).
        Line(text, $"dhcp-authoritative");
        Line(text, $"dhcp-leasefile={folder}/{DnsmasqFolder.Leases}");
        Line(text, $"dhcp-lease-max={options.MaxLeases}");
        // A device of that name would be asked for everybody's proxy (CERT VU#598349).
        Line(text, $"dhcp-name-match=set:refused,wpad");
        Line(text, $"dhcp-ignore-names=tag:refused");
        if (options.Lans.Any(lan => lan.IPv6Prefix.Length > 0))
        {
            Line(text, $"enable-ra");
        }

        foreach (var (place, lan) in options.Lans.Index())
        {
            Lan(text, lan, string.Create(CultureInfo.InvariantCulture, $"lan{place}"));
        }

        foreach (var lease in options.StaticLeases)
        {
            var name = lease.Name.Length == 0 ? "" : $",{lease.Name}";
            Line(text, $"dhcp-host={(MacAddress.TryParse(lease.Mac, out var mac) ? mac : default)},{lease.Address}{name}");
        }
    }

    private static void Lan(StringBuilder text, LanOptions lan, string tag)
    {
        _ = Subnet.TryRead(lan.Gateway, out var subnet);
        var gateway = NetworkNames.Text(subnet.Gateway);
        var seconds = (long)lan.LeaseTime.TotalSeconds;
        Line(text, $"interface={lan.Interface}");
        Line(text, $"dhcp-range=set:{tag},{lan.First},{lan.Last},{NetworkNames.Text(subnet.Mask)},{seconds}");
        Line(text, $"dhcp-option=tag:{tag},option:router,{gateway}");
        Line(text, $"dhcp-option=tag:{tag},option:dns-server,{gateway}");
        if (lan.NtpServers.Count > 0)
        {
            Line(text, $"dhcp-option=tag:{tag},option:ntp-server,{string.Join(',', lan.NtpServers)}");
        }

        if (IPNetwork.TryParse(lan.IPv6Prefix, out var prefix))
        {
            // ra-names: a host's own addresses have the name of its IPv4 lease.
            Line(text, $"dhcp-range=set:{tag},{prefix.BaseAddress},ra-stateless,ra-names,64,{seconds}");
            // [::] stands for the gateway's own address on that interface.
            Line(text, $"dhcp-option=tag:{tag},option6:dns-server,[::]");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
