namespace Appliance.Router.Tests.Flows;

/// <summary>A flow as Argus tells it; packets and bytes of both directions, bytes with all that the link adds.</summary>
internal sealed record ArgusRecord(string Protocol, string Source, string SourcePort, string Destination, string DestinationPort, long Packets, long Bytes, string State);
