namespace Appliance.Router.Devices.Conflicts;

/// <summary>The same address may be had once in each VLAN.</summary>
internal readonly record struct AddressKey(UInt128 Address, ushort VlanId);
