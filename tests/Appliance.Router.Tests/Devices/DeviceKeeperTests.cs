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

    private DeviceControl Control(RuleBench rules) => new(_devices.Inventory, new DeviceBarrier(rules.Store), NullLogger<DeviceControl>.Instance);
}
