using System.CommandLine;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Updates;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

public sealed class UpdateCommandTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();
    private readonly Dictionary<Role, SlottedNode> _nodes = [];

    [Fact]
    public async Task Nodes_are_updated_one_after_the_other_whatever_order_they_are_named_in()
    {
        await StartAsync();

        var run = await RunAsync("install", Bundle(), "--node", Named(Role.Router), Named(Role.Detector), Named(Role.Logger));

        Assert.Equal((0, "detector kept 1.1.0 B\nlogger kept 1.1.0 B\nrouter kept 1.1.0 B"), (run.Code, Columns(run.Output)));
        Assert.All(_nodes.Values, node => Assert.Equal(1, node.Reboots));
    }

    [Fact]
    public async Task Node_that_falls_back_ends_the_update_and_those_behind_it_are_untouched()
    {
        await StartAsync(fails: Role.Logger);

        var run = await RunAsync("install", Bundle(), "--node", Named(Role.Detector), Named(Role.Logger), Named(Role.Router));

        Assert.Equal((1, "detector kept 1.1.0 B\nlogger failed - -\nrouter untouched - -"), (run.Code, Columns(run.Output)));
        Assert.Contains("The logger node runs 1.0.0: Version 1.0.0 runs in slot A again", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, _nodes[Role.Router].Reboots);
    }

    [Fact]
    public async Task Update_can_be_written_first_and_started_later()
    {
        await StartAsync();

        var written = await RunAsync("install", Bundle(), "--no-activate", "--node", Named(Role.Detector));
        var between = await RunAsync("status", "--node", Named(Role.Detector), "--format", "json");
        var started = await RunAsync("activate", "1.1.0", "--node", Named(Role.Detector));

        Assert.Equal((0, "detector installed 1.1.0 B"), (written.Code, Columns(written.Output)));
        Assert.Equal("""{"node":"detector","state":"healthy","version":"1.0.0","slot":"","text":"Version 1.0.0 runs in slot A."}""", between.Output.Trim());
        Assert.Equal((0, "detector kept 1.1.0 -"), (started.Code, Columns(started.Output)));
    }

    [Fact]
    public async Task Program_from_a_checkout_refuses_and_the_next_node_is_not_begun()
    {
        await _site.StartAsync(Role.Detector, _ => { }, _ => { });
        await WriteAdminAsync();

        var run = await RunAsync("install", Bundle(), "--node", Named(Role.Detector), Named(Role.Router));

        Assert.Equal((1, "detector failed - -\nrouter untouched - -"), (run.Code, Columns(run.Output)));
        Assert.Contains("FailedPrecondition: This node can't be updated from outside", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("install", "x.raucb")]
    [InlineData("install", "--all")]
    [InlineData("status", "--node", "toaster")]
    [InlineData("status", "--node", "router=http://router")]
    [InlineData("unpack", "x.update")]
    [InlineData("judge")]
    [InlineData("judge", "toaster")]
    public void Wrong_usage_is_found_before_anything_is_asked(params string[] arguments) => Assert.NotEmpty(UpdateCommand.Create().Parse(arguments).Errors);

    [Fact]
    public async Task Program_from_a_checkout_takes_no_package_out_of_a_bundle()
    {
        var run = await ApplianceProgram.RunAsync("update", "unpack", Bundle(), "--out", _folder.File("package.deb"));

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("NOT_UPDATABLE: This program came with no package", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("package.deb")));
    }

    [Fact]
    public async Task Node_without_an_image_has_nothing_to_mark()
    {
        var run = await ApplianceProgram.RunAsync("update", "mark-good", "--root", _folder.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("no image runs here", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fresh_image_is_marked_good_at_the_bootloader_and_becomes_the_floor()
    {
        WriteRoot("1.2.0");

        var run = await ApplianceProgram.RunAsync("update", "mark-good", "--root", _folder.Path);

        Assert.Equal((0, "Version 1.2.0 in slot A is good."), (run.ExitCode, run.Output.Trim()));
        Assert.Equal("status mark-good booted", (await File.ReadAllTextAsync(_folder.File("asked"), TestContext.Current.CancellationToken)).Trim());
        Assert.Equal("1.2.0", GoodVersions.Read(UpdatePaths.Under(_folder.Path))!.Floor);
    }

    [Theory]
    [InlineData("1.2.0", 0)]
    [InlineData("1.10.0", 0)]
    [InlineData("1.1.9", 1)]
    [InlineData("junk", 1)]
    public async Task System_asks_whether_a_version_may_be_installed(string version, int code)
    {
        WriteRoot("1.2.0");

        var run = await ApplianceProgram.RunAsync("update", "check-version", version, "--root", _folder.Path);

        Assert.Equal(code, run.ExitCode);
        Assert.Equal(code == 1, run.Error.StartsWith("VERSION_", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.Rebooted;
        }

        await _site.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync(Role? fails = null)
    {
        foreach (var role in (Role[])[Role.Detector, Role.Logger, Role.Router])
        {
            _nodes[role] = new SlottedNode(_site, role, _folder, comesUp: role != fails);
            await _nodes[role].StartAsync();
        }

        await WriteAdminAsync();
    }

    private async Task WriteAdminAsync()
    {
        _site.Authority.Issue(PeerIdentity.OfPerson(_site.Authority.Site, PeerKind.Admin, "alice"), TimeSpan.FromDays(1), []).Write(_folder.Path, "admin");
        await File.WriteAllTextAsync(_folder.File("ca.crt"), _site.Authority.CertificatePem, TestContext.Current.CancellationToken);
    }

    private void WriteRoot(string version)
    {
        var paths = UpdatePaths.Under(_folder.Path);
        foreach (var path in (string[])[paths.Image, paths.CommandLine, paths.Rauc])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }

        File.WriteAllText(paths.Image, $$"""{"version":"{{version}}","target":"virt","compatible":"appliance-virt"}""");
        File.WriteAllText(paths.CommandLine, "rauc.slot=A\n");
        File.WriteAllText(paths.Rauc, $"#!/bin/sh\necho \"$@\" > {_folder.File("asked")}\n");
        File.SetUnixFileMode(paths.Rauc, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Bundle()
    {
        File.WriteAllBytes(_folder.File("appliance.raucb"), new byte[100_000]);
        return _folder.File("appliance.raucb");
    }

    private string Named(Role role) => $"{role.Word()}={_site.Address(role)}";

    // Node, state, version and slot of each line.
    private static string Columns(string output) => string.Join(
        '\n', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(4))));

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await UpdateCommand.Create()
            .Parse([.. arguments, "--pki", _folder.Path])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
