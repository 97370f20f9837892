namespace Appliance.Router.Flows;

/// <summary>How the destination has met a flow; it stays what it was when the flow ends.</summary>
public enum FlowState : byte
{
    /// <summary>Only the source has sent.</summary>
    Unanswered,

    /// <summary>A SYN-ACK, or another first packet back.</summary>
    Answered,

    /// <summary>A RST as first packet back, or an ICMP unreachable that quotes the flow.</summary>
    Refused,
}
