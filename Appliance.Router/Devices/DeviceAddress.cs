namespace Appliance.Router.Devices;

/// <summary>An address that a device has or had; IPv4 stands as ::ffff:a.b.c.d.</summary>
public sealed record DeviceAddress(UInt128 Address, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);
