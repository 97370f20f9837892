namespace Appliance.Bmc.Recovery;

/// <summary>The steps of the ladder, each harder on the node than the one before.</summary>
internal enum Rung
{
    /// <summary>The role that failed stops in order and is started again by its unit.</summary>
    RestartRole,

    /// <summary>The node reboots by itself.</summary>
    Reboot,

    /// <summary>The board cuts its power and gives it back.</summary>
    PowerCycle,

    /// <summary>The image that it was last proven to run is written again.</summary>
    Reflash,
}
