using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>What a board says of itself; empty where its firmware does not say.</summary>
internal sealed record BoardFacts(
    BoardGeneration Generation,
    string Model,
    string Revision,
    string HostName,
    string DaemonVersion,
    string FirmwareVersion)
{
    /// <summary>Reason of a refusal for what the board's firmware does not know.</summary>
    public const string FirmwareCannot = "FIRMWARE_CANNOT";

    private static readonly Version FlashModeSince = new(2, 0, 4);
    private static readonly Version ResetSince = new(1, 1, 0);

    /// <summary>True when reading a console empties it: all firmware before 2.3.</summary>
    public bool ConsoleReadConsumes => Generation < BoardGeneration.Third;

    /// <summary>False before 1.1.0, which says "ok" to a reset and does nothing.</summary>
    public bool CanReset => Generation > BoardGeneration.Plain || (Version.TryParse(DaemonVersion, out var version) && version >= ResetSince);

    // 2.0.4 brought the flash mode as 2 and moved the route to the controller from bit 1 to bit 2.
    private bool HasFlashMode => Generation >= BoardGeneration.Third || (Version.TryParse(DaemonVersion, out var version) && version >= FlashModeSince);

    /// <summary>The number that this firmware takes for a USB route. It never is 3 or 7, at which the daemon's handler dies.</summary>
    public int UsbModeNumber(UsbRoute route) => route.Mode switch
    {
        _ when Generation == BoardGeneration.Plain && (route.ToBmc || route.Mode == UsbMode.Flash) => throw new BusyException(
            FirmwareCannot, $"The board's firmware {DaemonVersion} routes USB to its own port only, as host or device; newer firmware can do more."),
        UsbMode.Host or UsbMode.Device => (int)route.Mode + (!route.ToBmc ? 0 : HasFlashMode ? 4 : 2),
        UsbMode.Flash when HasFlashMode => (int)route.Mode + (route.ToBmc ? 4 : 0),
        _ => throw new BusyException(FirmwareCannot, $"The board's firmware {DaemonVersion} has no USB mode for {route.Mode}; newer firmware has."),
    };
}
