using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Devices.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using static Appliance.Router.Tests.Devices.DeviceFrames;
using Device = Appliance.Protos.Devices.V1.Device;

namespace Appliance.Router.Tests.Devices;

/// <summary>DeviceService over mutual TLS, as its users call it, with devices that a replay has shown.</summary>
[Trait("Category", "Slow")]
public sealed class DeviceGrpcServiceTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Devices_are_listed_in_pages_and_found_by_id()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"), Arp(Phone, "192.168.1.22"));
        await WaitForAsync(devices, Camera, Phone);

        var first = await devices.ListDevicesAsync(new ListDevicesRequest { PageSize = 1 });
        var second = await devices.ListDevicesAsync(new ListDevicesRequest { PageSize = 1, PageToken = first.NextPageToken });
        var found = (await devices.GetDeviceAsync(new GetDeviceRequest { DeviceId = Phone })).Device;

        Assert.Equal([Camera, Phone], first.Devices.Concat(second.Devices).Select(device => device.Id));
        Assert.Equal("", second.NextPageToken);
        Assert.Equal((true, Device.Types.State.New, Device.Types.Policy.Allowed), (found.RandomizedMac, found.State, found.Policy));
        Assert.Equal([192, 168, 1, 22], found.Addresses.Single().ToByteArray());
    }

    [Fact]
    public async Task Device_that_is_not_there_is_not_found()
    {
        var devices = await StartAsync();

        foreach (var id in (string[])["", "camera", "00:00:5e:00:53:77"])
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => devices.GetDeviceAsync(new GetDeviceRequest { DeviceId = id }).ResponseAsync);
            Assert.Equal(StatusCode.NotFound, error.StatusCode);
        }
    }

    [Fact]
    public async Task Only_what_the_mask_names_is_changed()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"));
        await WaitForAsync(devices, Camera);

        var named = await UpdateAsync(devices, new Device { Id = Camera, Name = "Front door", State = Device.Types.State.Blocked }, "name");
        var approved = await UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Approved, Etag = named.Etag }, "state");

        Assert.Equal(("Front door", Device.Types.State.New), (named.Name, named.State));
        Assert.Equal(("Front door", Device.Types.State.Approved), (approved.Name, approved.State));
    }

    [Fact]
    public async Task Stale_etag_is_aborted()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"));
        await WaitForAsync(devices, Camera);
        var before = (await devices.GetDeviceAsync(new GetDeviceRequest { DeviceId = Camera })).Device;
        await UpdateAsync(devices, new Device { Id = Camera, Name = "One" }, "name");

        var error = await Assert.ThrowsAsync<RpcException>(() => UpdateAsync(devices, new Device { Id = Camera, Name = "Two", Etag = before.Etag }, "name"));

        Assert.Equal(StatusCode.Aborted, error.StatusCode);
    }

    [Fact]
    public async Task Blocked_device_has_a_block_until_it_is_approved()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"));
        await WaitForAsync(devices, Camera);

        await UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Blocked }, "state");
        var blocks = (await Rules().ListBlocksAsync(new ListBlocksRequest())).Blocks;
        await UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Approved }, "state");

        Assert.Equal(Decoding.Frames.Mac(Camera), Assert.Single(blocks).Mac.ToByteArray());
        Assert.Equal("spiffe://home/admin/alice", blocks[0].Creator);
        Assert.Empty((await Rules().ListBlocksAsync(new ListBlocksRequest())).Blocks);
    }

    [Fact]
    public async Task Quarantine_takes_the_place_of_a_block_and_approval_ends_it()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"));
        await WaitForAsync(devices, Camera);

        await UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Blocked }, "state");
        await UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Quarantined }, "state");
        var quarantined = (await Rules().ListBlocksAsync(new ListBlocksRequest())).Blocks;
        var shown = (await devices.GetDeviceAsync(new GetDeviceRequest { DeviceId = Camera })).Device.State;
        await UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Approved }, "state");

        Assert.Equal(Protos.Rules.V1.Block.Types.Action.Quarantine, Assert.Single(quarantined).Action);
        Assert.Equal(Device.Types.State.Quarantined, shown);
        Assert.Empty((await Rules().ListBlocksAsync(new ListBlocksRequest())).Blocks);
    }

    [Fact]
    public async Task Lifting_its_block_lets_a_device_be_new_again()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"));
        await WaitForAsync(devices, Camera);
        await UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Blocked }, "state");
        using var call = devices.WatchDevices(new WatchDevicesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var block = (await Rules().ListBlocksAsync(new ListBlocksRequest())).Blocks.Single();

        await Rules().DeleteBlockAsync(new DeleteBlockRequest { BlockId = block.Id });

        while ((await NextAsync(call)).Device is not { State: Device.Types.State.New })
        {
        }
    }

    [Fact]
    public async Task Protected_device_is_not_blocked()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"));
        await WaitForAsync(devices, Camera);
        await Rules().CreateProtectedAddressAsync(new CreateProtectedAddressRequest { Network = Camera, Reason = "test" });

        var error = await Assert.ThrowsAsync<RpcException>(() => UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Blocked }, "state"));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal(Device.Types.State.New, (await devices.GetDeviceAsync(new GetDeviceRequest { DeviceId = Camera })).Device.State);
    }

    [Fact]
    public async Task Policy_and_schedule_are_kept_until_they_are_changed()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"));
        await WaitForAsync(devices, Camera);
        var times = new Protos.Devices.V1.TimeRange { Weekdays = { 1, 7 }, Start = "07:30", End = "21:00" };

        var limited = await UpdateAsync(devices, new Device { Id = Camera, State = Device.Types.State.Approved, Policy = Device.Types.Policy.LanOnly });
        var scheduled = await UpdateAsync(devices, new Device { Id = Camera, AllowedTimes = { times } }, "allowed_times");
        var named = await UpdateAsync(devices, new Device { Id = Camera, Name = "Door" }, "name");
        var free = await UpdateAsync(devices, new Device { Id = Camera, Policy = Device.Types.Policy.Allowed }, "policy", "allowed_times");

        Assert.Equal((Device.Types.Policy.LanOnly, 0), (limited.Policy, limited.AllowedTimes.Count));
        Assert.Equal((Device.Types.Policy.LanOnly, times), (scheduled.Policy, scheduled.AllowedTimes.Single()));
        Assert.Equal((Device.Types.Policy.LanOnly, times), (named.Policy, named.AllowedTimes.Single()));
        Assert.Equal((Device.Types.Policy.Allowed, 0), (free.Policy, free.AllowedTimes.Count));
    }

    [Fact]
    public async Task Bad_requests_are_invalid_arguments()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"));
        await WaitForAsync(devices, Camera);
        (Device Device, string[] Mask)[] bad =
        [
            (new() { Id = Camera }, []),
            (new() { Id = Camera, State = (Device.Types.State)99 }, ["state"]),
            (new() { Id = Camera, Policy = (Device.Types.Policy)(-1) }, ["policy"]),
            (new() { Id = Camera, Vendor = "Me" }, ["vendor"]),
            (new() { Id = Camera, Name = new string('x', 65) }, ["name"]),
            (new() { Id = Camera, Name = "two\nlines" }, ["name"]),
            (new() { Id = Camera, AllowedTimes = { new Protos.Devices.V1.TimeRange { Start = "25:00", End = "07:00" } } }, ["allowed_times"]),
            (new() { Id = Camera, AllowedTimes = { new Protos.Devices.V1.TimeRange { Weekdays = { 8 }, Start = "05:00", End = "07:00" } } }, ["allowed_times"]),
            (new() { Id = Camera, AllowedTimes = { Enumerable.Repeat(new Protos.Devices.V1.TimeRange { Start = "05:00", End = "07:00" }, 33) } }, ["allowed_times"]),
        ];

        foreach (var (device, mask) in bad)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => UpdateAsync(devices, device, mask));
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        }
    }

    [Fact]
    public async Task Watch_goes_on_behind_its_cursor()
    {
        var devices = await StartAsync(Arp(Camera, "192.168.1.21"), Arp(Phone, "192.168.1.22"));
        await WaitForAsync(devices, Camera, Phone);
        var cursor = await MarkerAsync(devices, null);
        await UpdateAsync(devices, new Device { Id = Phone, Name = "Mine" }, "name");
        using var call = devices.WatchDevices(new WatchDevicesRequest { Cursor = cursor.Cursor }, cancellationToken: TestContext.Current.CancellationToken);

        var first = await NextAsync(call);
        var marker = await NextAsync(call);

        Assert.Equal((false, Phone, "Mine"), (cursor.Resumed, first.Device.Id, first.Device.Name));
        Assert.NotNull(marker.SnapshotEnd);
        Assert.True(marker.Resumed);
        Assert.Equal(cursor.Cursor.Epoch, marker.Cursor.Epoch);
    }

    private static async Task<Device> UpdateAsync(DeviceService.DeviceServiceClient devices, Device device, params string[] mask)
    {
        var request = new UpdateDeviceRequest { Device = device, UpdateMask = new FieldMask { Paths = { mask } } };
        return (await devices.UpdateDeviceAsync(request, cancellationToken: TestContext.Current.CancellationToken)).Device;
    }

    private static async Task WaitForAsync(DeviceService.DeviceServiceClient devices, params string[] ids)
    {
        using var call = devices.WatchDevices(new WatchDevicesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var missing = ids.ToHashSet();
        while (missing.Count > 0)
        {
            var device = (await NextAsync(call)).Device;
            if (device is { Addresses.Count: > 0 })
            {
                missing.Remove(device.Id);
            }
        }
    }

    private static async Task<WatchDevicesResponse> MarkerAsync(DeviceService.DeviceServiceClient devices, Cursor? cursor)
    {
        using var call = devices.WatchDevices(new WatchDevicesRequest { Cursor = cursor }, cancellationToken: TestContext.Current.CancellationToken);
        while (true)
        {
            var response = await NextAsync(call);
            if (response.SnapshotEnd is not null)
            {
                return response;
            }
        }
    }

    private static async Task<WatchDevicesResponse> NextAsync(AsyncServerStreamingCall<WatchDevicesResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return call.ResponseStream.Current;
    }

    private RuleService.RuleServiceClient Rules() => new(_site.Channel(Role.Router, _site.Person(PeerKind.Admin)));

    private async Task<DeviceService.DeviceServiceClient> StartAsync(params byte[][] frames)
    {
        var file = _folder.File("replay.pcap");
        File.WriteAllBytes(file, CaptureBytes.Classic(frames));
        await _site.StartAsync(
            Role.Router,
            builder => builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic().AddRules().AddNftables().AddDeviceBlocks(),
            app =>
            {
                app.MapRoleService<DeviceGrpcService>();
                app.MapRoleService<RuleGrpcService>();
            },
            [("Router:Capture:File", file), ("Router:Capture:Speed", "0"), ("Router:Capture:ShiftToNow", "false"), ("Router:Firewall:Enforce", "rendered")]);
        return new DeviceService.DeviceServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Admin)));
    }
}
