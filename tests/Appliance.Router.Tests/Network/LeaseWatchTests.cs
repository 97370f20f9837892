using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Devices;
using Appliance.Router.Network;
using Appliance.Router.Tests.Devices;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Network;

/// <summary>From a line in the leases' file to the inventory, with no dnsmasq.</summary>
public sealed class LeaseWatchTests : IDisposable
{
    private const long Now = 1_796_050_000;
    private const string Station = "02:42:ac:11:00:02";

    private static readonly string First = $"{Now + 100} 02:42:ac:11:00:01 10.72.1.100 first *\n";

    private readonly TempFolder _folder = new();
    private readonly DeviceBench _devices = new();
    private readonly DnsmasqFolder _files;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    public LeaseWatchTests()
    {
        _files = new DnsmasqFolder(new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Router)));
        _files.Create();
    }

    public void Dispose()
    {
        _devices.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lease_is_told_by_the_kernel_while_the_clock_stands_still()
    {
        using var watch = await StartAsync();
        var shown = ShowsAsync("cam");

        Write($"{First}{Now + 43200} {Station} 10.72.1.101 cam *\n");
        var device = await shown;

        Assert.Equal(Station, device.Id);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Lease_that_the_kernel_does_not_tell_of_is_found_by_a_look()
    {
        // A folder that is moved away takes its watch along.
        using var watch = await StartAsync();
        Directory.Move(_files.Place, _folder.File("away"));
        Directory.CreateDirectory(_files.Place);
        Write($"{Now + 43200} {Station} 10.72.1.101 cam *\n");
        var shown = ShowsAsync("cam");

        while (!shown.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(shown, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken));
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        Assert.Equal(Station, (await shown).Id);
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Device_was_seen_when_its_lease_was_given_and_one_that_is_over_tells_nothing()
    {
        Write(
            $"{First}{Now + 40_000} {Station} 10.72.1.101 cam *\n"
            + $"{Now - 1} 02:42:ac:11:00:03 10.72.1.102 gone *\n"
            + $"{Now + 43200} 02:42:ac:11:00:04 10.72.1.103 last *\n");

        using var watch = await StartAsync();
        var device = await ShowsAsync("cam");
        await ShowsAsync("last");

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(Now - 3200), device.LastSeen);
        Assert.Equal(["02:42:ac:11:00:01", Station, "02:42:ac:11:00:04"], _devices.Inventory.All.Select(known => known.Id));
        await watch.StopAsync(CancellationToken.None);
    }

    // Started when it has shown the first lease.
    private async Task<LeaseWatch> StartAsync()
    {
        if (!File.Exists(_files.LeasesPath))
        {
            Write(First);
        }

        var watch = new LeaseWatch(_files, _devices.Inventory, Options.Create(NetworkSettings.One()), _clock, NullLogger<LeaseWatch>.Instance);
        await watch.StartAsync(TestContext.Current.CancellationToken);
        await ShowsAsync("first");
        return watch;
    }

    private Task<Device> ShowsAsync(string name) => NetworkLab.ShowsAsync(_devices.Inventory, name);

    private void Write(string text) => File.WriteAllText(_files.LeasesPath, text);
}
