using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Appliance.Router.Rules;
using Appliance.Router.Tests.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using static Appliance.Router.Tests.Devices.DeviceFrames;

namespace Appliance.Router.Tests.Devices;

public sealed class DeviceKeeperTests : IDisposable
{
    private readonly DeviceBench _devices = new();

    public void Dispose() => _devices.Dispose();

    [Fact]
    public async Task Blocked_device_without_a_block_gets_one_and_it_never_ends()
    {
        using var rules = await RuleBench.OpenAsync();
        using var control = Control(rules);
        using var keeper = new DeviceKeeper(_devices.Inventory, control, rules.Store, rules.Clock, NullLogger<DeviceKeeper>.Instance);
        using var watch = rules.Store.Watch();
        _devices.Show(Arp(Camera, "192.168.1.21"), Arp(Phone, "192.168.1.22"));
        _devices.Inventory.Edit(Mac, device => device with { State = DeviceState.Blocked });

        await keeper.StartAsync(CancellationToken.None);
        var made = await watch.Changes.ReadAsync(TestContext.Current.CancellationToken);
        rules.Clock.Advance(TimeSpan.FromHours(25));
        var renewed = await watch.Changes.ReadAsync(TestContext.Current.CancellationToken);
        await keeper.StopAsync(CancellationToken.None);

        Assert.Equal((Camera, made.Block.Id), (made.Block.Target.ToString(), renewed.Block.Id));
        Assert.Equal(TimeSpan.FromHours(25), renewed.Block.ExpireTime - made.Block.ExpireTime);
        Assert.Equal([Camera], rules.Firewall.Held);
    }

    [Fact]
    public async Task Quarantined_device_without_a_quarantine_gets_one()
    {
        using var rules = await RuleBench.OpenAsync();
        using var control = Control(rules);
        using var keeper = new DeviceKeeper(_devices.Inventory, control, rules.Store, rules.Clock, NullLogger<DeviceKeeper>.Instance);
        using var watch = rules.Store.Watch();
        _devices.Show(Arp(Camera, "192.168.1.21"));
        _devices.Inventory.Edit(Mac, device => device with { State = DeviceState.Quarantined });

        await keeper.StartAsync(CancellationToken.None);
        var made = await watch.Changes.ReadAsync(TestContext.Current.CancellationToken);
        await keeper.StopAsync(CancellationToken.None);

        Assert.Equal((Camera, BlockAction.Quarantine), (made.Block.Target.ToString(), made.Block.Action));
    }

    [Fact]
    public async Task Device_rests_outside_of_its_allowed_times_and_is_let_through_within()
    {
        using var rules = await RuleBench.OpenAsync();
        using var control = Control(rules);
        using var keeper = new DeviceKeeper(_devices.Inventory, control, rules.Store, rules.Clock, NullLogger<DeviceKeeper>.Instance);
        rules.Clock.SetUtcNow(new DateTimeOffset(2030, 12, 1, 21, 0, 0, TimeSpan.Zero));
        _devices.Show(Arp(Camera, "192.168.1.21"));
        _devices.Inventory.Edit(Mac, device => device with { AllowedTimes = [new DayTimes([], new TimeOnly(7, 0), new TimeOnly(21, 0))] });
        var before = rules.Firewall.State.Devices;

        await keeper.StartAsync(CancellationToken.None);
        var during = await rules.Firewall.WaitForDevicesAsync(devices => devices.Count == 1);
        rules.Clock.Advance(TimeSpan.FromHours(10));
        var after = await rules.Firewall.WaitForDevicesAsync(devices => devices.Count == 0);
        await keeper.StopAsync(CancellationToken.None);

        Assert.Empty(before);
        Assert.Equal([new LimitedDevice(DeviceBarrier.TargetOf(Mac), DeviceLimit.Resting)], during);
        Assert.Empty(after);
    }

    [Fact]
    public async Task Policy_is_in_force_before_it_is_told_and_goes_back_when_it_cannot_be_written_down()
    {
        using var rules = await RuleBench.OpenAsync();
        using var control = Control(rules);
        _devices.Show(Arp(Camera, "192.168.1.21"));

        await control.UpdateAsync(new DeviceEdit(Camera, "", "alice", "") { Policy = DevicePolicy.InternetOnly }, CancellationToken.None);
        var limited = rules.Firewall.State.Devices;
        _devices.Damage();
        await Assert.ThrowsAnyAsync<Exception>(() => control.UpdateAsync(new DeviceEdit(Camera, "", "alice", "") { Policy = DevicePolicy.LanOnly }, CancellationToken.None));

        Assert.Equal([new LimitedDevice(DeviceBarrier.TargetOf(Mac), DeviceLimit.InternetOnly)], limited);
        Assert.Equal(limited, rules.Firewall.State.Devices);
    }

    [Fact]
    public async Task Limits_stand_in_the_first_ruleset_of_a_start()
    {
        using var rules = await RuleBench.OpenAsync();
        _devices.Show(Arp(Camera, "192.168.1.21"));
        _devices.Inventory.Edit(Mac, device => device with { Policy = DevicePolicy.LanOnly });

        await new DeviceLimitStart(_devices.Inventory, rules.Store.Intent, rules.Clock).StartAsync(CancellationToken.None);
        await rules.Store.LoadAsync(CancellationToken.None);

        Assert.Equal(DeviceLimit.LanOnly, Assert.Single(rules.Firewall.State.Devices).Limit);
    }

    [Fact]
    public async Task Device_is_not_blocked_when_the_firewall_does_not_take_it()
    {
        using var rules = await RuleBench.OpenAsync();
        using var control = Control(rules);
        _devices.Show(Arp(Camera, "192.168.1.21"));
        rules.Firewall.Fault = new IOException("The kernel is out of memory.");

        await Assert.ThrowsAsync<Hosting.Errors.UnreachableException>(
            () => control.UpdateAsync(new DeviceEdit(Camera, "", "alice", "") { State = DeviceState.Blocked }, CancellationToken.None));

        Assert.Equal(DeviceState.New, _devices.Inventory.Find(Camera)!.State);
    }

    private static MacAddress Mac => MacAddress.TryParse(Camera, out var mac) ? mac : default;

    private DeviceControl Control(RuleBench rules) => new(_devices.Inventory, new DeviceBarrier(rules.Store, rules.Clock), NullLogger<DeviceControl>.Instance);
}
