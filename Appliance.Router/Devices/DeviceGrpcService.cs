using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Devices.V1;
using Grpc.Core;

namespace Appliance.Router.Devices;

/// <summary>DeviceService: who is on the network, and what people decide about them.</summary>
internal sealed class DeviceGrpcService(DeviceInventory inventory, DeviceControl control) : DeviceService.DeviceServiceBase
{
    public override Task<ListDevicesResponse> ListDevices(ListDevicesRequest request, ServerCallContext context)
    {
        var page = Page<Device>.Cut(inventory.All, device => device.Id, request.PageSize, request.PageToken);
        return Task.FromResult(new ListDevicesResponse { Devices = { page.Items.Select(DeviceWire.ToWire) }, NextPageToken = page.NextToken });
    }

    public override Task<GetDeviceResponse> GetDevice(GetDeviceRequest request, ServerCallContext context)
    {
        var device = inventory.Find(request.DeviceId) ?? throw new NotFoundException("device", request.DeviceId);
        return Task.FromResult(new GetDeviceResponse { Device = DeviceWire.ToWire(device) });
    }

    public override async Task<UpdateDeviceResponse> UpdateDevice(UpdateDeviceRequest request, ServerCallContext context)
    {
        var edit = DeviceWire.ToEdit(request, context.Caller().ToString());
        return new UpdateDeviceResponse { Device = DeviceWire.ToWire(await control.UpdateAsync(edit, context.CancellationToken)) };
    }

    public override async Task WatchDevices(WatchDevicesRequest request, IServerStreamWriter<WatchDevicesResponse> responseStream, ServerCallContext context)
    {
        using var watch = inventory.Watch(request.Cursor?.Epoch ?? "", (long)Math.Min(request.Cursor?.Sequence ?? 0, long.MaxValue));
        var snapshot = watch.Snapshot.Select(change => DeviceWire.ToWire(change, inventory.Epoch));
        foreach (var response in snapshot.Append(DeviceWire.ToMarker(watch, inventory.Epoch)))
        {
            await responseStream.WriteAsync(response, context.CancellationToken);
        }

        await foreach (var change in watch.Changes.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(DeviceWire.ToWire(change, inventory.Epoch), context.CancellationToken);
        }
    }
}
