namespace Appliance.Router.Flows;

/// <summary>What happened to a flow.</summary>
public enum FlowEventKind : byte
{
    None,
    Began,
    Answered,
    Refused,

    /// <summary>Each active interval, each doubling of a busy flow's packets, each log-in outcome.</summary>
    Updated,
    Ended,

    /// <summary>An ARP or Neighbor Discovery message; there is no flow.</summary>
    Neighbor,

    /// <summary>Something that a packet has said of itself; there is no flow.</summary>
    Fact,
}
