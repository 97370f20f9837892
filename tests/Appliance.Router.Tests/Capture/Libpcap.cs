using System.Runtime.InteropServices;

namespace Appliance.Router.Tests.Capture;

/// <summary>Skips what needs libpcap where it is not installed.</summary>
internal static class Libpcap
{
    public static void SkipIfMissing()
    {
        var isThere = NativeLibrary.TryLoad("libpcap.so.0.8", out var library) || NativeLibrary.TryLoad("libpcap.so.1", out library);
        Assert.SkipUnless(isThere, "needs libpcap (Debian's package libpcap0.8)");
        NativeLibrary.Free(library);
    }
}
