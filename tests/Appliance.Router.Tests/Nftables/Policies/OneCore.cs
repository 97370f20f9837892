using System.Runtime.InteropServices;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Keeps the calling thread on the core that it is on: frames over virtual cables wait in a line of each core, and stay in order within it.</summary>
internal readonly ref struct OneCore
{
    private const int MaskLength = 128;

    private readonly byte[] _before = new byte[MaskLength];

    public OneCore()
    {
        Assert.Equal(0, GetAffinity(0, MaskLength, _before));
        var core = CurrentCore();
        var mask = new byte[MaskLength];
        mask[core / 8] = (byte)(1 << (core % 8));
        Assert.Equal(0, SetAffinity(0, MaskLength, mask));
    }

    public void Dispose() => Assert.Equal(0, SetAffinity(0, MaskLength, _before));

    [DllImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetAffinity(int thread, nint length, byte[] mask);

    [DllImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetAffinity(int thread, nint length, byte[] mask);

    [DllImport("libc", EntryPoint = "sched_getcpu", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CurrentCore();
}
