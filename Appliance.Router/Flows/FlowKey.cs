namespace Appliance.Router.Flows;

/// <summary>The five values that name a conversation, seen from the sender of its first packet.</summary>
/// <remarks>IPv4 addresses stand as ::ffff:a.b.c.d; for ICMP the ports are the type and the code.</remarks>
public readonly record struct FlowKey(UInt128 Source, UInt128 Destination, ushort SourcePort, ushort DestinationPort, byte Protocol);
