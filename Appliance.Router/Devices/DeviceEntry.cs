namespace Appliance.Router.Devices;

/// <summary>A device in the book, the number of its last change that was told, and the moment that was told as its last.</summary>
internal sealed record DeviceEntry(Device Device, long Sequence, DateTimeOffset ToldSeen);
