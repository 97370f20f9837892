namespace Appliance.Bmc.Slots;

/// <summary>What is done about a slot whose power is not as it was ordered.</summary>
internal enum DriftAction
{
    /// <summary>It is told, and left to people: whoever switched it may have had a reason.</summary>
    Tell,

    /// <summary>It is told, and switched as it was ordered, once for each time that it differs.</summary>
    Restore,
}
