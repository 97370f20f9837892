using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>One element of a kernel set; 0 packets a second means that it carries no limit.</summary>
internal readonly record struct SetElement(BlockTarget Key, TimeSpan Timeout, int PacketsPerSecond);
