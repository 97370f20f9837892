using Appliance.Package.Tests.Machines;

namespace Appliance.Package.Tests;

/// <summary>The package on a machine of its own, by dpkg.</summary>
// One after the other: each machine takes a processor for itself while it starts.
[Collection("package")]
public sealed class InstallTests(BuiltPackage package)
{
    private const string Users = "getent passwd appliance-router appliance-logger appliance-detector appliance-bmc | wc -l";

    private string Old => package.Of("1.2.3");

    private string New => package.Of("1.2.4");

    [Fact]
    public void It_installs_upgrades_removes_and_purges()
    {
        Machine.Require();
        // No .NET of the machine may help.
        using var machine = new Machine("rm -rf /usr/share/dotnet /usr/lib/dotnet /usr/bin/dotnet");
        Copy(machine);

        machine.Run("dpkg --force-depends -i /root/old.deb");
        Assert.StartsWith("appliance ", machine.Run("appliance version"), StringComparison.Ordinal);
        Assert.Equal("4", machine.Run(Users).Trim());
        Assert.Equal("750 root appliance", machine.Run("stat -c '%a %U %G' /etc/appliance").Trim());
        Assert.Equal("inactive", machine.Try("systemctl is-active appliance-firewall").Output.Trim());

        machine.Run("echo '{}' >/etc/appliance/appliance.json; install -d -o appliance-router -m 700 /var/lib/appliance/router; install -o appliance-router -m 600 /dev/null /var/lib/appliance/router/kept");
        machine.Run("dpkg --force-depends -i /root/new.deb");
        Assert.Equal("1.2.4", machine.Run("dpkg-query -W -f '${Version}' appliance").Trim());
        Assert.Equal("appliance-router", machine.Run("stat -c %U /var/lib/appliance/router/kept").Trim());

        machine.Run("dpkg -r appliance");
        Assert.NotEqual(0, machine.Try("test -e /usr/bin/appliance -o -e /usr/lib/appliance").Code);
        machine.Run("test -e /var/lib/appliance/router/kept -a -e /etc/appliance/appliance.json");
        Assert.Equal("4", machine.Run(Users).Trim());

        machine.Run("dpkg -P appliance");
        Assert.NotEqual(0, machine.Try("test -e /var/lib/appliance -o -e /etc/appliance").Code);
        Assert.Equal("0", machine.Run(Users).Trim());
        const string Places = "/etc /usr/bin /usr/lib/systemd /usr/lib/sysusers.d /usr/lib/tmpfiles.d /usr/share/polkit-1 /usr/share/doc /usr/share/man /var/lib";
        Assert.Equal("", machine.Run($"find {Places} -xdev -name 'appliance*'").Trim());
    }

    [Fact]
    public void It_installs_where_systemd_does_not_run_and_twice_changes_nothing()
    {
        Machine.Require();
        using var machine = new Machine("true");
        Copy(machine);

        // A place to be installed to, as an image's build has it: no systemd runs in it.
        machine.Run("mkdir /shared/x && mount --bind / /shared/x && mount -t tmpfs tmpfs /shared/x/run");
        machine.Run("chroot /shared/x dpkg --force-depends -i /root/old.deb && chroot /shared/x sh /var/lib/dpkg/info/appliance.postinst configure 1.2.3");

        Assert.Equal("4", machine.Run(Users).Trim());
        Assert.StartsWith("appliance ", machine.Run("appliance version"), StringComparison.Ordinal);
    }

    private void Copy(Machine machine)
    {
        machine.Put(Old, "/root/old.deb");
        machine.Put(New, "/root/new.deb");
    }
}
