using Appliance.Router.Nftables;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Nftables;

/// <summary>A network namespace of the test's own, made by iproute2 and gone at the end.</summary>
internal sealed class TestNamespace : IDisposable
{
    public TestNamespace()
    {
        SkipUnlessPossible();
        Command.Run("/usr/sbin/ip", "netns", "add", Name);
        Inside = NetworkNamespace.Open($"{NetworkNamespace.NamesFolder}/{Name}");
        Ip("link", "set", "lo", "up");
    }

    public string Name { get; } = NamespaceName.New();

    public NetworkNamespace Inside { get; }

    public static void SkipUnlessPossible()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root: makes network namespaces.");
        var missing = KernelRights.Missing(needsNamespace: true);
        Assert.SkipWhen(missing is not null, $"Needs a network namespace of its own, but {missing}");
        Assert.SkipUnless(File.Exists("/usr/sbin/ip"), "Needs /usr/sbin/ip (iproute2).");
    }

    public string Nft(params string[] arguments) => Command.Run(NftProgram.NsenterPath, [$"--net={Inside.Path}", NftProgram.NftPath, .. arguments]);

    public void NftScript(string script) => Command.RunWith(script, NftProgram.NsenterPath, $"--net={Inside.Path}", NftProgram.NftPath, "-f", "-");

    public void Ip(params string[] arguments) => Command.Run("/usr/sbin/ip", ["-n", Name, .. arguments]);

    /// <summary>/proc/sys/net shows the settings of the thread that asks.</summary>
    public void Set(string setting, string value) => Inside.Run(() =>
    {
        File.WriteAllText($"/proc/sys/{setting}", value);
        return 0;
    });

    public string ReadNet(string name) => Inside.Run(() => File.ReadAllText($"/proc/thread-self/net/{name}"));

    public KernelSets OpenSets(bool canDestroy = true) => new(new NetlinkExchange(OpenNetlink()), canDestroy);

    public NetlinkSocket OpenNetlink() => Inside.Run(() => NetlinkSocket.Open(Libc.NetfilterProtocol));

    public void Dispose()
    {
        Inside.Dispose();
        Command.Run("/usr/sbin/ip", "netns", "del", Name);
    }
}
