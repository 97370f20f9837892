namespace Appliance.Bmc.Tests.Recovery;

/// <summary>How deep a pretended node hangs: by what it takes to bring it back.</summary>
internal enum HangDepth
{
    None,

    /// <summary>A part of its role has failed; the role's restart mends it.</summary>
    Role,

    /// <summary>A part of its role has failed, and only a reboot mends it.</summary>
    System,

    /// <summary>Its kernel is dead, until its power is cut.</summary>
    Kernel,

    /// <summary>What is on its flash does not boot, until something else is written.</summary>
    Flash,

    /// <summary>Nothing brings it back.</summary>
    Hardware,
}
