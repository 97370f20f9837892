using System.CommandLine;
using Appliance.Commands;
using Appliance.Hosting.Enrollment;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Nodes;

/// <summary>A site's authority on a workstation, and the root and boot partition of one flashed node.</summary>
internal sealed class NodeImage : IDisposable
{
    private readonly TempFolder _folder;
    private readonly bool _isShared;

    public NodeImage(TempFolder? shared = null, string root = "root")
    {
        (_folder, _isShared, Root) = (shared ?? new TempFolder(), shared is not null, root);
        Root = _folder.File(root);
        Directory.CreateDirectory(Path.Combine(Root, "boot/config"));
        File.WriteAllText(Place, new string(' ', NodeFile.MaxLength));
    }

    public StringWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public string Root { get; }

    public string State => Path.Combine(Root, "var/lib/appliance");

    public string Place => Path.Combine(Root, "boot/config/NODE.JSN");

    public string Pki => _folder.File("pki");

    

    public int Run(params string[] arguments) =>
        new RootCommand { PkiCommand.Create(), ImageCommand.Create() }.Parse(arguments).Invoke(new InvocationConfiguration { Output = Output, Error = Error, EnableDefaultExceptionHandler = false });

    public int FirstBoot() => Run("image", "first-boot", "--file", Place, "--root", Root);

    /// <summary>Has a node file written and lays it over the image's place for one.</summary>
    public void Lay(string name, string role, params string[] options)
    {
        if (!Directory.Exists(Pki))
        {
            Assert.Equal(0, Run("pki", "init", Pki, "--site", "home"));
        }

        var path = _folder.File($"{Guid.NewGuid():N}.json");
        var code = Run(["image", "node-file", name, "--role", role, "--pki", Pki, "--out", path, .. options]);
        Assert.True(code == 0, Error.ToString());
        LayBytes(File.ReadAllBytes(path));
    }

    public void LayBytes(byte[] bytes)
    {
        var place = new byte[NodeFile.MaxLength];
        place.AsSpan().Fill((byte)' ');
        bytes.CopyTo(place, 0);
        File.WriteAllBytes(Place, place);
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(State, path));

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
        if (!_isShared)
        {
            _folder.Dispose();
        }
    }
}
