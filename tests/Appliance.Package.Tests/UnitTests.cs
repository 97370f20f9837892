using System.Text.RegularExpressions;
using Appliance.Package.Tests.Machines;
using Appliance.Tests.Shared;

namespace Appliance.Package.Tests;

/// <summary>The units as systemd judges them, and as it runs them.</summary>
// One after the other: each machine takes a processor for itself while it starts.
[Collection("package")]
public sealed partial class UnitTests(BuiltPackage package)
{
    private static readonly string[] Roles = ["router", "logger", "detector", "bmc"];

    private const string Site = """
        cp /root/package.deb /tmp/p.deb && dpkg --force-depends -i /tmp/p.deb >/dev/null
        appliance pki init /root/site --site home >/dev/null
        for role in router logger detector bmc; do
          appliance pki issue /root/site --kind node --name node1 --role $role --out /tmp/$role >/dev/null
          install -d -o appliance-$role -g appliance -m 700 /var/lib/appliance/$role /var/lib/appliance/$role/pki
          install -o appliance-$role -g appliance -m 600 /tmp/$role/* /var/lib/appliance/$role/pki/
        done
        echo '{ "Node": { "Name": "node1", "Power": { "Machine": "systemd" } }, "Bmc": { "Board": { "Simulate": "2.3.7" } } }' >/etc/appliance/appliance.json
        chgrp appliance /etc/appliance/appliance.json && chmod 640 /etc/appliance/appliance.json
        """;

    [Theory]
    [InlineData("router")]
    [InlineData("logger")]
    [InlineData("detector")]
    [InlineData("bmc")]
    public void Role_is_exposed_by_no_more_than_three(string role)
    {
        Tool.Require(("/usr/bin/systemd-analyze", "systemd"));
        using var root = new TempFolder();
        var units = root.File("usr/lib/systemd/system");
        Directory.CreateDirectory(units);
        var source = Path.Combine(Checkout.Root, "image/rootfs/usr/lib/systemd/system");
        // Offline it takes no instance of a template.
        File.Copy(Path.Combine(source, "appliance@.service"), Path.Combine(units, $"appliance@{role}.service"));
        Directory.CreateDirectory(Path.Combine(units, $"appliance@{role}.service.d"));
        File.Copy(Path.Combine(source, $"appliance@{role}.service.d/50-role.conf"), Path.Combine(units, $"appliance@{role}.service.d/50-role.conf"));

        var (code, output) = Tool.Try("systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", $"--root={root.Path}", $"appliance@{role}.service");

        Assert.True(code == 0, output);
        Assert.Matches(Score(), output);
    }

    [Fact]
    public void Every_unit_is_well_formed()
    {
        Machine.Require();
        using var machine = new Machine("true");
        machine.Put(package.Of("1.2.3"), "/root/package.deb");
        machine.Run("dpkg --force-depends -i /root/package.deb");
        // What the image has besides, as far as it is units and what they start.
        machine.Put(Path.Combine(Checkout.Root, "image"), "/root/image");
        machine.Run("cp -r /root/image/base/usr/lib/. /usr/lib/; systemctl daemon-reload");

        var said = machine.Run("cd /usr/lib/systemd/system; systemd-analyze verify --man=no appliance-*.service appliance@router.service appliance@logger.service appliance@detector.service appliance@bmc.service 2>&1; true");

        Assert.Equal("", string.Join('\n', said.Split('\n').Where(line => line.Contains("appliance", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_role_starts_under_its_unit_may_reboot_the_machine_and_is_ended_when_it_hangs()
    {
        Machine.Require();
        Tool.Require(("/usr/sbin/nft", "nftables"));
        using var machine = new Machine("true");
        machine.Put(package.Of("1.2.3"), "/root/package.deb");
        machine.Run(Site);
        machine.Run("mkdir -p /run/systemd/system/appliance@bmc.service.d; printf '[Service]\\nWatchdogSec=6s\\nRestartSec=1s\\n' >/run/systemd/system/appliance@bmc.service.d/90-test.conf; systemctl daemon-reload");

        foreach (var role in Roles)
        {
            machine.Run($"systemctl start appliance@{role} || {{ journalctl --no-pager -o cat -u appliance@{role} | tail -n 30; exit 1; }}");
            Assert.Equal($"appliance-{role}", machine.Run($"ps -o user:32= -p $(systemctl show -P MainPID appliance@{role})").Trim());
        }

        Assert.Contains("table inet appliance", machine.Run("nft list tables"), StringComparison.Ordinal);
        Assert.Equal("1", machine.Run("cat /proc/sys/net/ipv4/ip_forward").Trim());
        Assert.Matches("CapEff:\\s+0{16}", machine.Run("cat /proc/$(systemctl show -P MainPID appliance@detector)/status"));
        Assert.Equal("0", machine.Run("systemctl show -P NRestarts appliance@bmc").Trim());

        machine.Run("kill -STOP $(systemctl show -P MainPID appliance@bmc)");

        machine.Until("test $(systemctl show -P NRestarts appliance@bmc) -ge 1 && systemctl is-active appliance@bmc");
        Assert.Contains("Watchdog timeout", machine.Log(), StringComparison.Ordinal);
    }

    [GeneratedRegex("Overall exposure level for \\S+: [0-2]\\.[0-9] ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Score();
}
