using Appliance.Tests.Shared;

namespace Appliance.Package.Tests;

/// <summary>The scripts that units start, on made-up files.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly TempFolder _root = new();

    [Fact]
    public void Router_is_prepared_as_far_as_the_machine_lets()
    {
        Write("proc/sys/net/ipv4/ip_forward", "0");
        Write("proc/sys/net/netfilter/nf_conntrack_acct", "0");
        Write("proc/cpuinfo", "processor : 0\nprocessor : 1\nprocessor : 2\nprocessor : 3\n");
        Write("proc/interrupts", "  45:  1 0 0 0  GICv2 189 Level  eth0\n  46:  1 0 0 0  GICv2 190 Level  eth0\n");
        Write("proc/irq/45/smp_affinity_list", "0-3");
        Write("proc/irq/46/smp_affinity_list", "0-3");
        Write("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "ondemand");
        Write("sys/class/net/eth0/device/uevent", "");
        Write("sys/class/net/eth0/queues/rx-0/rps_cpus", "0");
        Write("sys/class/net/br0/queues/rx-0/rps_cpus", "0");

        var said = Tool.Run(Script("rootfs", "prepare-router"), _root.Path);

        Assert.Equal("1", Read("proc/sys/net/ipv4/ip_forward"));
        Assert.Equal("1", Read("proc/sys/net/netfilter/nf_conntrack_acct"));
        Assert.Equal("performance", Read("sys/devices/system/cpu/cpufreq/policy0/scaling_governor"));
        Assert.Equal("f", Read("sys/class/net/eth0/queues/rx-0/rps_cpus"));
        Assert.Equal("0", Read("sys/class/net/br0/queues/rx-0/rps_cpus"));
        Assert.Equal(["0", "1"], new[] { Read("proc/irq/45/smp_affinity_list"), Read("proc/irq/46/smp_affinity_list") });
        Assert.Contains("IPv6 forwarding: left out", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"schema":1,"role":"logger","name":"n2"}""", 0, "start --no-block appliance@logger.service")]
    [InlineData("{\n  \"role\" : \"router\"\n}", 0, "start --no-block appliance@router.service")]
    [InlineData("""{"role":"logger","further_roles":[{"role":"bmc","token":"x"}],"settings":{"a":"\",\"role\":\"router"}}""", 0, "start --no-block appliance@logger.service appliance@bmc.service")]
    [InlineData("""{"role":"../../evil"}""", 1, "No role is started.")]
    [InlineData("{}", 1, "No role is started.")]
    public void Role_of_the_node_file_is_started_and_no_other(string file, int expected, string words)
    {
        Write("node.json", file);

        var (code, said) = Tool.Try(Script("rootfs", "start-role"), _root.File("node.json"), "/bin/echo");

        Assert.Equal(expected, code);
        Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Fact]
    public void First_boot_puts_name_and_network_in_force_and_ends_where_the_node_file_is_bad()
    {
        Write("proc/sys/kernel/hostname", "localhost");
        Write("taken", "#!/bin/sh\nmkdir -p $6/var/lib/appliance/network\necho '{}' >$6/var/lib/appliance/node.json\necho hall >$6/var/lib/appliance/hostname\ntouch $6/var/lib/appliance/network/10-lan.network\n");
        Write("refused", "#!/bin/sh\nexit 1\n");

        var bad = Start("refused");
        var isUntouched = !Directory.Exists(_root.File("run/systemd/network"));
        var good = Start("taken");
        var again = Start("refused");

        Assert.Equal([1, 0, 0], new[] { bad, good, again });
        Assert.True(isUntouched);
        Assert.Equal("hall", Read("proc/sys/kernel/hostname"));
        Assert.Equal(_root.File("var/lib/appliance/network/10-lan.network"), File.ResolveLinkTarget(_root.File("run/systemd/network/10-lan.network"), returnFinalTarget: true)!.FullName);
    }

    public void Dispose() => _root.Dispose();

    private int Start(string program)
    {
        File.SetUnixFileMode(_root.File(program), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return Tool.Try("env", $"APPLIANCE={_root.File(program)}", Script("base", "first-boot"), _root.Path).Code;
    }

    private static string Script(string part, string name) => Path.Combine(Checkout.Root, "image", part, "usr/lib/appliance", name);

    private string Read(string name) => File.ReadAllText(_root.File(name)).Trim();

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root.File(name))!);
        File.WriteAllText(_root.File(name), text);
    }
}
