using System.Net;

namespace Appliance.Router.Rules;

/// <summary>An address of somebody else that the node or its people depend on; the interface is known where a gateway is named on one.</summary>
internal sealed record NeededAddress(IPAddress Address, string Reason, string Interface = "");
