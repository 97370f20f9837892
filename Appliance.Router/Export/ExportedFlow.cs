using Appliance.Router.Flows;

namespace Appliance.Router.Export;

/// <summary>A flow as it stood at a moment of the capture's clock, all counts from its beginning.</summary>
internal readonly record struct ExportedFlow(Flow Flow, long Time);
