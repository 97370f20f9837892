namespace Appliance.Bmc.Board;

/// <summary>What a slot's USB port does.</summary>
internal enum UsbMode
{
    Host,
    Device,

    /// <summary>The module's own loader answers, for writing its flash.</summary>
    Flash,
}
