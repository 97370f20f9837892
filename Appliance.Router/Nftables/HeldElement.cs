using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>An element as the kernel holds it, with the time that it has left.</summary>
internal readonly record struct HeldElement(BlockTarget Key, TimeSpan Timeout, TimeSpan Remaining, int PacketsPerSecond);
