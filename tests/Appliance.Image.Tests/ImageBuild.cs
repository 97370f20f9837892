using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>An image made as anybody would: from a clean clone, which lies beside the folder of what comes out.</summary>
internal static class ImageBuild
{
    // Several builds at once on two cores that other work may share.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(30);

    public static async Task<Tool.Result> RunAsync(string target, string output, string version, params IEnumerable<string> options)
    {
        var clone = Path.Combine(Path.GetDirectoryName(output)!, "clone");
        (await Tool.RunAsync("git", "clone", "-q", Checkout.Root, clone)).Succeeded();
        // A newer package of the mirror's is no fault of the change under test; the script names it.
        return await Tool.RunAsync(Guard, new Dictionary<string, string>(), Path.Combine(clone, "image/build"), [target, output, "--version", version, "--allow-newer", .. options]);
    }
}
