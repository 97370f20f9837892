using Appliance.Router.Flows;

namespace Appliance.Router.Export;

/// <summary>Writes one value of a flow in network order and says how many bytes it took.</summary>
internal delegate int FlowFieldWriter(in Flow flow, Span<byte> destination);
