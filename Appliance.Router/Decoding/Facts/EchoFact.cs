namespace Appliance.Router.Decoding.Facts;

/// <summary>Size of what an ICMP echo carries: pings have one, tunnels many.</summary>
public sealed record EchoFact(FactOrigin Origin, int PayloadBytes) : Fact(Origin);
