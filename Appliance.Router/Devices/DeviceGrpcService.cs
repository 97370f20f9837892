using Appliance.Protos.Devices.V1;

namespace Appliance.Router.Devices;

/// <summary>DeviceService: the inventory of devices. A method that isn't overridden answers UNIMPLEMENTED.</summary>
internal sealed class DeviceGrpcService : DeviceService.DeviceServiceBase;
