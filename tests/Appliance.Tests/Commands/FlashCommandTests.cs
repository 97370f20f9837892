using System.CommandLine;
using System.Text.Json;
using Appliance.Bmc;
using Appliance.Bmc.Tests.NodeFiles;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

/// <summary>Flashing through a running site.</summary>
[Trait("Category", "Slow")]
public sealed class FlashCommandTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Guarded_slot_is_flashed_only_when_that_is_said()
    {
        await StartAsync();
        var file = _folder.File("appliance-cm4-1.2.3.img");
        await File.WriteAllBytesAsync(file, new byte[100_000], TestContext.Current.CancellationToken);

        var refused = await RunAsync("--slot", "1", "--image", file, "--no-wait");
        var begun = await RunAsync("--slot", "1", "--image", file, "--no-wait", "--allow-critical", "--format", "json");

        Assert.Equal((1, 0), (refused.Code, begun.Code));
        Assert.Contains("Slot 1 is critical", refused.Error, StringComparison.Ordinal);
        using var flash = JsonDocument.Parse(begun.Output);
        Assert.Equal(1, flash.RootElement.GetProperty("slot_number").GetInt32());
    }

    [Theory]
    [InlineData("--image", "x.img")]
    [InlineData("--slot", "one", "--image", "x.img")]
    [InlineData("--slot", "1")]
    public void Wrong_usage_is_found_before_anything_is_asked(params string[] arguments) => Assert.NotEmpty(FlashCommand.Create().Parse(arguments).Errors);

    [Fact]
    public async Task File_that_is_not_there_is_told_before_anything_is_begun()
    {
        await StartAsync();

        var run = await RunAsync("--slot", "1", "--image", _folder.File("none.img"));
        var images = await RunAsync("images", "--format", "json");

        Assert.Equal((1, ""), (run.Code, images.Output));
        Assert.Contains("none.img is not there", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slot_is_flashed_as_the_node_of_its_node_file()
    {
        await StartAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = _folder.File("appliance-cm4-1.2.3.img");
        File.Copy(disk.Path, image);

        var begun = await RunAsync("--slot", "2", "--image", image, "--node", NodeFile("log"), "--no-wait", "--format", "json");

        Assert.True(begun.Code == 0, begun.Error);
        using var flash = JsonDocument.Parse(begun.Output);
        Assert.Equal("log", flash.RootElement.GetProperty("results")[0].GetProperty("node_name").GetString());
        Assert.DoesNotContain("token", begun.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "There are 2 slots and 1 node files")]
    [InlineData(false, "signature does not fit the rest of the file")]
    public async Task Node_files_are_held_to_the_slots_and_to_their_signatures_before_the_image_is_sent(bool isGood, string expected)
    {
        await StartAsync();
        var (image, node) = (_folder.File("appliance-cm4-1.2.3.img"), NodeFile("log"));
        await File.WriteAllBytesAsync(image, new byte[100_000], TestContext.Current.CancellationToken);
        if (!isGood)
        {
            await File.WriteAllTextAsync(node, (await File.ReadAllTextAsync(node, TestContext.Current.CancellationToken)).Replace("gw.lan", "gw.bad", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        }

        var run = await RunAsync(["--slot", "1", .. isGood ? (string[])["--slot", "2"] : [], "--image", image, "--node", node, "--allow-critical"]);
        var images = await RunAsync("images", "--format", "json");

        Assert.Equal((1, ""), (run.Code, images.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    private string NodeFile(string name)
    {
        var path = _folder.File($"{name}.json");
        var made = ImageCommand.Create().Parse(["node-file", name, "--role", "logger", "--pki", _site.AuthorityFolder, "--router", "gw.lan", "--out", path]);
        Assert.Equal(0, made.Invoke(new InvocationConfiguration { Output = TextWriter.Null }));
        return path;
    }

    private async Task StartAsync()
    {
        _site.Authority.Issue(PeerIdentity.OfPerson(_site.Authority.Site, PeerKind.Admin, "alice"), TimeSpan.FromDays(1), []).Write(_folder.Path, "admin");
        await File.WriteAllTextAsync(_folder.File("ca.crt"), _site.Authority.CertificatePem, TestContext.Current.CancellationToken);
        await _site.StartAsync(
            Role.Bmc, builder => builder.AddBmc(), app => app.MapBmc(), ("Bmc:Board:Simulate", "2.3.7"), ("Bmc:Slots:Slot1:Critical", "true"));
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = FlashCommand.Create().Parse([.. arguments, "--server", _site.Address(Role.Bmc).ToString(), "--pki", _folder.Path, "--as", "admin"]);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
