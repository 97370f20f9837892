using Appliance.Hosting.Sensors;
using Appliance.Tests.Shared;

namespace Appliance.Hosting.Tests.Sensors;

/// <summary>A tree of files as a machine's kernel shows them.</summary>
internal sealed class FakeSysfs : IDisposable
{
    private readonly TempFolder _folder = new();

    public SysfsFolder Root => new(_folder.File("sys"));

    public void Write(string path, string text)
    {
        var full = Path.Combine(Root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text + "\n");
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Root.Path, path)).Trim();

    /// <summary>The folder of a class is a link to the device's, as in the kernel's own tree.</summary>
    public void Link(string path, string target)
    {
        var full = Path.Combine(Root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        Directory.CreateSymbolicLink(full, Path.Combine(Root.Path, target));
    }

    public void Dispose() => _folder.Dispose();
}
