namespace Appliance.SystemTests;

/// <summary>`./run --interface`: live packets in place of a recording.</summary>
[Collection("the machine's ports")]
public sealed class InterfaceTests
{
    [Fact]
    public async Task Scan_over_a_cable_is_told_and_answered_and_nothing_is_left_behind()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Network namespaces need root.");
        Assert.SkipUnless(Tool.Has("nmap") && Tool.Has("nsenter"), "nmap or nsenter is missing; ./test installs both.");
        using var folder = new StateFolder();
        await using var cable = await Cable.LayAsync();
        await using var appliance = await RunningAppliance.StartInAsync(cable.Watched, folder.Path, "--interface", Cable.Device);

        var scan = await cable.ScanAsync();
        var alert = await appliance.LineAsync($"scan from {Cable.AttackerAddress}");
        var block = await appliance.LineAsync("BLOCKED ");
        var watching = await cable.PromiscuityAsync();
        var tables = await cable.TablesAsync();
        var code = await appliance.StopAsync();

        Assert.True(scan.ExitCode == 0, scan.All);
        Assert.StartsWith("ALERT ", alert, StringComparison.Ordinal);
        Assert.Contains("in the kernel", block, StringComparison.Ordinal);
        Assert.Contains($"Watching {Cable.Device}. Enforcement stays inside the network namespace 'appliance'", appliance.Log, StringComparison.Ordinal);
        Assert.Equal((1, ""), (watching, tables));
        Assert.Equal(0, code);
        Assert.Equal(0, await cable.PromiscuityAsync());
        Assert.False(File.Exists("/run/netns/appliance"));
    }
}
