namespace Appliance.Hosting.Listeners;

/// <summary>When a connection was accepted, as a timestamp of the node's clock.</summary>
internal sealed record ConnectionStart(long Timestamp);
