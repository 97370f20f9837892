namespace Appliance.Detector.Flows;

/// <summary>Why a flow is over; <see cref="None"/> while it is not.</summary>
public enum EndReason : byte
{
    None,

    /// <summary>FIN from both sides.</summary>
    Finished,
    Reset,
    Idle,

    /// <summary>The Router's table was full: nothing is known of the flow's real end.</summary>
    Evicted,
    CaptureEnded,
}
