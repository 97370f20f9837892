using System.CommandLine;
using System.Text.Json;
using Appliance.Bmc;
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
