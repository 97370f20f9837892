using System.ComponentModel.DataAnnotations;

namespace Appliance.Bmc.Slots;

/// <summary>What people say a slot is; where empty, the board's own note counts.</summary>
internal sealed class SlotLabel
{
    [RegularExpression("^[a-z0-9-]{0,32}$", ErrorMessage = "must be at most 32 of a-z, 0-9 and '-'")]
    public string Name { get; set; } = "";

    /// <summary>The board cannot tell what is plugged in, so it is said here.</summary>
    [RegularExpression("^(cm4|cm4-lite|rk1|jetson)?$", ErrorMessage = "must be cm4, cm4-lite, rk1 or jetson")]
    public string Module { get; set; } = "";
}
