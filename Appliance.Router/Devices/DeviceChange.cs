namespace Appliance.Router.Devices;

/// <summary>A device as it now is; null when it has been forgotten. The number counts changes since the Router started.</summary>
internal sealed record DeviceChange(long Sequence, string Id, Device? Device);
