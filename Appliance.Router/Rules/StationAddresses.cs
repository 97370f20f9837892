namespace Appliance.Router.Rules;

/// <summary>The IP addresses that a target is known by: itself, or those that the inventory has seen a station use.</summary>
internal delegate IEnumerable<BlockTarget> StationAddresses(BlockTarget target);
