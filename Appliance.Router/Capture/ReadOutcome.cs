namespace Appliance.Router.Capture;

/// <summary>What one read of a source gave.</summary>
public enum ReadOutcome
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>Nothing for now: wait, then read again.</summary>
    Idle,

    /// <summary>Nothing more will come; see the source's fault.</summary>
    End,
}
