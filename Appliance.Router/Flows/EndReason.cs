namespace Appliance.Router.Flows;

/// <summary>Why a flow ended.</summary>
public enum EndReason : byte
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>FIN from both sides.</summary>
    Finished,
    Reset,
    Idle,

    /// <summary>The table was full.</summary>
    Evicted,

    /// <summary>The capture ended, or the Router stopped.</summary>
    CaptureEnded,
}
