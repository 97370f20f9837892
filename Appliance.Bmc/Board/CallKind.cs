namespace Appliance.Bmc.Board;

/// <summary>How long a call may take, and what is to be done when it gets lost.</summary>
internal enum CallKind
{
    /// <summary>Reads; may be repeated.</summary>
    Read,

    /// <summary>Sets what may be set twice; the rails take their time.</summary>
    Set,

    /// <summary>Does something each time it is sent, so it is never sent blindly again.</summary>
    Once,
}
