using System.CommandLine;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Updates;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Nodes;

/// <summary>The one line by which the BMC knows what came up in a slot.</summary>
public sealed class AnnounceTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_role_and_node_are_told_as_soon_as_the_role_serves_and_not_before()
    {
        using var output = new StringWriter();
        var port = FreePorts.Take();
        Write("7.1.0", "detector", "node3", port);

        var announcing = ImageCommand.Create().Parse(["announce", "--root", _folder.Path]).InvokeAsync(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false }, Token);
        var before = output.ToString();
        await _site.StartAsync(Role.Detector, _ => { }, _ => { }, ("Node:Ports:Detector", $"{port}"));
        var code = await announcing.WaitAsync(TimeSpan.FromMinutes(1), Token);

        Assert.Equal((0, "", "appliance: image 7.1.0, role detector, node node3"), (code, before, output.ToString().Trim()));
    }

    [Fact]
    public async Task Machine_without_an_image_has_nothing_to_announce()
    {
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => ImageCommand.Create()
            .Parse(["announce", "--root", _folder.Path])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, Token));

        Assert.Contains("no image runs here", failure.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    private void Write(string version, string role, string name, int port)
    {
        var paths = UpdatePaths.Under(_folder.Path);
        var (configuration, pki) = (_folder.File("etc/appliance/appliance.json"), _folder.File($"state/{role}/pki"));
        foreach (var path in (string[])[paths.Image, paths.NodeFile, configuration, Path.Combine(pki, "node.crt")])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }

        File.WriteAllText(paths.Image, $$"""{"version":"{{version}}","target":"virt","compatible":"appliance-virt"}""");
        File.WriteAllText(paths.NodeFile, $$"""{"name":"{{name}}","role":"{{role}}"}""");
        File.WriteAllText(configuration, $$"""{"Node:StateDirectory":"{{_folder.File("state")}}","Node:ListenAddress":"127.0.0.1","Node:Ports:Detector":{{port}} }""");
        _site.Authority.Issue(PeerIdentity.OfNode(_site.Authority.Site, name, Role.Detector), TimeSpan.FromDays(1), []).Write(pki, PkiFiles.Node);
        File.WriteAllText(Path.Combine(pki, "ca.crt"), _site.Authority.CertificatePem);
    }
}
