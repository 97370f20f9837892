using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Appliance.Bmc.Tests.NodeFiles;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

/// <summary>`appliance image` on the operator's workstation: a node's file, a copy of an image with it, and what an image says of itself.</summary>
public sealed class ImageCommandTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("copy.img")]
    [InlineData("copy.img.zst")]
    public async Task Copy_holds_the_node_file_and_the_image_stays_as_it_was(string name)
    {
        using var disk = await DiskImage.WithPlaceholderAsync();
        var (before, node, copy) = (disk.Bytes, await NodeFileAsync("log", "--role", "logger"), _folder.File(name));

        var run = await RunAsync("customize", disk.Path, "--node", node, "--out", copy);
        var (inside, outside) = (await RunAsync("inspect", copy), await RunAsync("inspect", disk.Path));

        Assert.Equal((0, $"{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(copy, Token)))}  {copy}"), (run.Code, run.Output.Trim()));
        Assert.Contains("It is logger log now", run.Error, StringComparison.Ordinal);
        Assert.Contains("node file  logger log of site home", inside.Output, StringComparison.Ordinal);
        Assert.Contains("node file  empty place", outside.Output, StringComparison.Ordinal);
        Assert.Equal(before, disk.Bytes);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(copy));
    }

    [Fact]
    public async Task Image_tells_its_partitions_and_the_version_of_its_name()
    {
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = _folder.File("appliance-cm4-1.2.3.img");
        File.Copy(disk.Path, image);

        var run = await RunAsync("inspect", image);

        Assert.Equal(
            ["version    1.2.3 (by its name)", "node file  empty place", "partition  bootconfig          8 MiB at 1 MiB", "partition  env                 1 MiB at 9 MiB"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Image_without_a_place_takes_none_and_says_so_itself()
    {
        using var disk = await DiskImage.BareAsync();
        var node = await NodeFileAsync("log", "--role", "logger");

        var told = await RunAsync("inspect", disk.Path);
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => RunAsync("customize", disk.Path, "--node", node, "--out", _folder.File("copy.img")));

        Assert.Contains("node file  none: ", told.Output, StringComparison.Ordinal);
        Assert.Contains("NODE.JSN", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "copy*"));
    }

    [Fact]
    public async Task Changed_node_file_is_refused_by_its_signature_and_nothing_is_written()
    {
        using var disk = await DiskImage.WithPlaceholderAsync();
        var node = await NodeFileAsync("log", "--role", "logger");
        await File.WriteAllTextAsync(node, (await File.ReadAllTextAsync(node, Token)).Replace("gw.lan", "gw.bad", StringComparison.Ordinal), Token);

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => RunAsync("customize", disk.Path, "--node", node, "--out", _folder.File("copy.img")));

        Assert.Contains("signature does not fit the rest of the file", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "copy*"));
    }

    [Fact]
    public async Task Image_is_never_its_own_copy()
    {
        using var disk = await DiskImage.WithPlaceholderAsync();
        var (node, before) = (await NodeFileAsync("log", "--role", "logger"), disk.Bytes);

        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => RunAsync("customize", disk.Path, "--node", node, "--out", disk.Path));

        Assert.Contains("--out is the image itself", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, disk.Bytes);
    }

    [Fact]
    public async Task Node_file_is_its_owners_and_tells_whom_it_makes_of_the_node()
    {
        var path = _folder.File("log.json");
        await SiteAsync();

        var run = await RunAsync("node-file", "log", "--role", "logger", "--role", "bmc", "--pki", _folder.File("site"), "--router", "gw.lan", "--out", path, "--format", "json");
        var again = await RunAsync("node-file", "log", "--role", "logger", "--pki", _folder.File("site"), "--router", "gw.lan", "--out", path);

        Assert.Equal((0, 1), (run.Code, again.Code));
        Assert.Equal("spiffe://home/node/log/logger spiffe://home/node/log/bmc", JsonDocument.Parse(run.Output).RootElement.GetProperty("identity").GetString());
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Equal([Role.Logger, Role.Bmc], NodeFileSignature.Read(await File.ReadAllBytesAsync(path, Token)).Roles);
    }

    [Theory]
    [InlineData("--role", "printer")]
    [InlineData("--role", "logger", "--lifetime", "0")]
    [InlineData("--lifetime", "3")]
    public void Wrong_usage_of_node_file_is_found_before_anything_is_written(params string[] arguments) => Assert.NotEmpty(ImageCommand.Create().Parse(["node-file", "log", .. arguments]).Errors);

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task SiteAsync()
    {
        var code = await PkiCommand.Create().Parse(["init", _folder.File("site"), "--site", "home"]).InvokeAsync(new InvocationConfiguration { Output = TextWriter.Null }, Token);
        Assert.Equal(0, code);
    }

    private async Task<string> NodeFileAsync(string name, params string[] options)
    {
        await SiteAsync();
        var path = _folder.File($"{name}.json");
        var run = await RunAsync(["node-file", name, .. options, "--pki", _folder.File("site"), "--router", "gw.lan", "--out", path]);
        Assert.True(run.Code == 0, run.Error);
        return path;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ImageCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, Token);
        return (code, output.ToString(), error.ToString());
    }
}
