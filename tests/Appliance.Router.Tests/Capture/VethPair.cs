using System.Diagnostics;
using System.Runtime.InteropServices;
using Appliance.Tests.Shared;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Tests.Capture;

/// <summary>Two network namespaces of the test's own with a cable between them, gone at the end.</summary>
internal sealed class VethPair : IDisposable
{
    public const string Near = "near0";
    public const string Far = "far0";
    public const string NearAddress = "192.0.2.1";
    public const string FarAddress = "192.0.2.2";
    private const string Program = "/usr/sbin/ip";
    private const int NetworkNamespace = 0x40000000;
    private const string NearMac = "02:00:5e:00:53:01";
    private const string FarMac = "02:00:5e:00:53:02";
    private readonly string _near = NamespaceName.New();

    public VethPair()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists(Program), "needs root and iproute2: makes network namespaces");
        Ip("netns", "add", _near);
        Ip("netns", "add", FarName);
        Ip("-n", _near, "link", "add", Near, "address", NearMac, "type", "veth", "peer", "name", Far, "address", FarMac, "netns", FarName);
        SetUp(_near, Near, NearAddress);
        SetUp(FarName, Far, FarAddress);

        // Else the first datagram waits for an answer to ARP.
        Ip("-n", FarName, "neighbor", "add", NearAddress, "lladdr", NearMac, "dev", Far, "nud", "permanent");
        while (!AskNear("link", "show", Near).Contains("state UP", StringComparison.Ordinal))
        {
            // The end that was switched on first hears of the other a moment later, and sends nothing before.
        }
    }

    private string FarName => $"{_near}-far";

    public void Dispose()
    {
        Ip("netns", "del", _near);
        Ip("netns", "del", FarName);
    }

    /// <summary>Does something in the near namespace, on a thread of its own.</summary>
    public T InNear<T>(Func<T> work) => In(_near, work);

    public T InFar<T>(Func<T> work) => In(FarName, work);

    public void IpNear(params string[] arguments) => Ip(["-n", _near, .. arguments]);

    /// <summary>Takes the near end of the cable out of its namespace, as a card is pulled out.</summary>
    public void PullOut() => Ip("-n", _near, "link", "set", Near, "netns", FarName);

    /// <summary>Puts it back, under another number and switched on.</summary>
    public void PlugIn()
    {
        Ip("-n", FarName, "link", "set", Near, "netns", _near);
        Ip("-n", _near, "link", "set", Near, "up");
    }

    /// <summary>What <c>ip</c> says in the near namespace.</summary>
    public string AskNear(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, ["-n", _near, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }

    /// <summary>A socket that sends whole frames from the far end.</summary>
    public FrameSender SendFromFar() => InFar(() => new FrameSender(Far, bypassesQueue: true));

    public FrameSender SendFromNear() => InNear(() => new FrameSender(Near, bypassesQueue: false));

    private static void SetUp(string name, string device, string address)
    {
        Ip("-n", name, "link", "set", "lo", "up");
        Ip("-n", name, "address", "add", $"{address}/24", "dev", device);
        Ip("-n", name, "link", "set", device, "up");
    }

    private static T In<T>(string name, Func<T> work)
    {
        T result = default!;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var space = File.OpenHandle($"/run/netns/{name}");
                Assert.Equal(0, SetNamespace(space, NetworkNamespace));
                result = work();
            }
            catch (Exception caught)
            {
                error = caught;
            }
        });
        thread.Start();
        thread.Join();
        return error is null ? result : throw new InvalidOperationException($"failed in {name}", error);
    }

    private static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(SafeFileHandle file, int kind);
}
