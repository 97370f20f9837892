namespace Appliance.Bmc.Board;

/// <summary>The stored power of all slots; null where the board says that it does not know.</summary>
internal readonly record struct SlotPower(bool? First, bool? Second, bool? Third, bool? Fourth)
{
    public bool? this[SlotNumber slot] => slot.Number switch
    {
        1 => First,
        2 => Second,
        3 => Third,
        _ => Fourth,
    };
}
