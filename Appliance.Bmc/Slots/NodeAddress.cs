using Appliance.Hosting;

namespace Appliance.Bmc.Slots;

/// <summary>Where a role of a slot's node answers.</summary>
internal sealed record NodeAddress(Role Role, Uri Address);
