using Appliance.Router.Network;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Network;

public sealed class DnsmasqTextTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_setting_has_its_line()
    {
        var text = DnsmasqText.Render(NetworkSettings.Full(), "/run/x");

        Assert.Equal(
            """
            # Written by the appliance at each start; changes here are lost.
            pid-file=
            log-facility=-
            quiet-dhcp
            quiet-dhcp6
            quiet-ra
            no-hosts
            bind-dynamic
            except-interface=lo
            domain=example.lan
            local=/example.lan/
            domain-needed
            bogus-priv
            cache-size=5000
            servers-file=/run/x/blocklist
            no-resolv
            server=192.0.2.53
            server=2001:db8::53
            stop-dns-rebind
            dnssec
            conf-file=/usr/share/dnsmasq-base/trust-anchors.conf
            host-record=nas.example.lan,nas,192.168.1.5
            host-record=www.example.com,fd12::5
            host-record=hall-cam.example.lan,hall-cam,192.168.1.20
            dhcp-authoritative
            dhcp-leasefile=/run/x/leases
            dhcp-lease-max=300
            dhcp-name-match=set:refused,wpad
            dhcp-ignore-names=tag:refused
            enable-ra
            interface=eth1
            dhcp-range=set:lan0,192.168.1.100,192.168.1.200,255.255.255.0,43200
            dhcp-option=tag:lan0,option:router,192.168.1.1
            dhcp-option=tag:lan0,option:dns-server,192.168.1.1
            dhcp-option=tag:lan0,option:ntp-server,192.168.1.1,192.0.2.123
            dhcp-range=set:lan0,fd12:0:0:1::,ra-stateless,ra-names,64,43200
            dhcp-option=tag:lan0,option6:dns-server,[::]
            interface=eth2.7
            dhcp-range=set:lan1,10.0.5.0,10.0.6.255,255.255.252.0,3600
            dhcp-option=tag:lan1,option:router,10.0.4.1
            dhcp-option=tag:lan1,option:dns-server,10.0.4.1
            dhcp-host=02:42:ac:11:00:02,192.168.1.20,hall-cam
            dhcp-host=02:42:ac:11:00:03,10.0.4.9

            """,
            text);
    }

    [Fact]
    public void What_is_not_set_has_none()
    {
        var options = NetworkSettings.One();
        options.Lans[0].IPv6Prefix = "";
        options.RebindProtection = false;
        options.UpstreamServers = [];

        var lines = DnsmasqText.Render(options, "/run/x").Split('\n');

        Assert.Contains("resolv-file=/etc/resolv.conf", lines);
        Assert.DoesNotContain(lines, line => line is "enable-ra" or "stop-dns-rebind" or "dnssec" or "no-resolv" || line.StartsWith("server=", StringComparison.Ordinal) || line.Contains("ntp-server", StringComparison.Ordinal));
    }

    [Fact]
    public void Dnsmasq_takes_every_rendering()
    {
        Assert.SkipUnless(File.Exists(DnsmasqProgram.DnsmasqPath), "Needs /usr/sbin/dnsmasq (dnsmasq-base).");
        var plain = NetworkSettings.One();
        plain.Lans[0].IPv6Prefix = "";
        NetworkOptions[] all = [plain, NetworkSettings.One(), NetworkSettings.Full()];

        foreach (var options in all)
        {
            var file = _folder.File("dnsmasq.conf");
            File.WriteAllText(file, DnsmasqText.Render(options, _folder.Path));
            var (code, _, errors) = Command.Try("", DnsmasqProgram.DnsmasqPath, "--test", $"--conf-file={file}");

            Assert.Equal((0, "dnsmasq: syntax check OK."), (code, errors.Trim()));
        }
    }
}
