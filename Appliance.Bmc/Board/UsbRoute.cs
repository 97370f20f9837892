namespace Appliance.Bmc.Board;

/// <summary>How the board's one USB bus is routed now.</summary>
internal sealed record UsbRoute(SlotNumber Slot, UsbMode Mode, bool ToBmc);
