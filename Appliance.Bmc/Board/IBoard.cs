namespace Appliance.Bmc.Board;

/// <summary>The board's own controller, as far as this program uses it. Every call may throw that the board is unreachable.</summary>
internal interface IBoard
{
    /// <summary>How far the board can be trusted: certificate, encryption, default password, as the last calls showed.</summary>
    BoardStanding Standing => BoardStanding.Unknown;

    /// <summary>Asks for versions and names, and from them what this firmware can do.</summary>
    Task<BoardFacts> GetFactsAsync(CancellationToken token);

    /// <summary>Addresses and storage; empty on firmware that does not tell.</summary>
    Task<BoardResources> GetResourcesAsync(CancellationToken token);

    /// <summary>Which slots are meant to be on. The board stores this; it measures nothing.</summary>
    Task<SlotPower> GetPowerAsync(CancellationToken token);

    /// <summary>What the board notes about each slot; empty on firmware that notes nothing.</summary>
    Task<IReadOnlyList<SlotNote>> GetNotesAsync(CancellationToken token);

    Task SetPowerAsync(SlotNumber slot, bool on, CancellationToken token);

    /// <summary>Off for a second and on. On a slot that is off it ends powered while the board still says off.</summary>
    Task ResetAsync(SlotNumber slot, CancellationToken token);

    /// <summary>How the board's USB bus is routed.</summary>
    Task<UsbRoute> GetUsbAsync(CancellationToken token);

    /// <summary>Routes the board's USB bus to a slot.</summary>
    Task SetUsbAsync(UsbRoute route, CancellationToken token);

    /// <summary>Lets every slot start from its own flash at the next power-on; firmware knows no such call for one slot alone.</summary>
    Task ClearUsbBootAsync(CancellationToken token);

    /// <summary>The fans that can be set; empty where the board or its firmware has none.</summary>
    Task<IReadOnlyList<Fan>> GetFansAsync(CancellationToken token);

    Task SetFanAsync(string device, int speed, CancellationToken token);

    /// <summary>What the slot's serial port printed: its last 16 KiB again each time, or what is new, as <see cref="BoardFacts.ConsoleReadConsumes"/> says.</summary>
    Task<string> ReadConsoleAsync(SlotNumber slot, CancellationToken token);

    /// <summary>Writes a line to the slot's serial port; the board ends it with CR LF.</summary>
    Task WriteConsoleAsync(SlotNumber slot, string line, CancellationToken token);

    /// <summary>Makes the board ready to write a slot's flash, and gives the handle to upload to. The slot loses its power at once; an upload not begun in 10 s is given up.</summary>
    Task<uint> BeginTransferAsync(TransferOrder order, CancellationToken token);

    /// <summary>Sends the bytes; ends when the board has taken the last one. The board answers nothing else meanwhile; how many bytes have left is told as they do.</summary>
    Task UploadAsync(uint handle, TransferOrder order, Stream content, IProgress<long> sent, CancellationToken token);

    Task<TransferStatus> GetTransferAsync(CancellationToken token);

    Task CancelTransferAsync(uint handle, CancellationToken token);

    /// <summary>Ends the board's daemon and starts it again: tokens end, and the stored power goes to the rails.</summary>
    Task RestartDaemonAsync(CancellationToken token);
}
