namespace Appliance.Bmc.Recovery;

/// <summary>What is to be done about a slot.</summary>
internal enum LadderMove
{
    /// <summary>Nothing: it is well, or none of the ladder's business.</summary>
    Leave,

    /// <summary>Nothing yet.</summary>
    Wait,

    /// <summary>The next step is taken.</summary>
    Step,

    /// <summary>A power cycle of the ladder left it off, and it is switched on.</summary>
    SwitchOn,

    /// <summary>The step that was taken has helped, or its time is over.</summary>
    EndStep,

    /// <summary>It has been well for long enough.</summary>
    EndEpisode,

    /// <summary>It is set aside.</summary>
    Quarantine,
}
