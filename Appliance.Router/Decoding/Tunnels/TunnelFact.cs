using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Tunnels;

/// <summary>A flow that runs within a tunnel; the origin is of the inner packet.</summary>
/// <remarks>The id is PPPoE's session, GRE's key or VXLAN's network; the ends are zero for PPPoE, whose ends are the frame's.</remarks>
public sealed record TunnelFact(FactOrigin Origin, TunnelKind Kind, uint Id, UInt128 OuterSource, UInt128 OuterDestination) : Fact(Origin);
