namespace Appliance.Bmc.Flashing;

/// <summary>Reads from the board's own words what went wrong with a transfer (bmcd, app/upgrade_worker.rs and transfer_action.rs).</summary>
internal static class TransferFailure
{
    private static readonly string[] NoDisk = ["USB interface not found", "Compute module not supported", "Error loading USB device"];
    private static readonly string[] Mismatch = ["crc error", "sha256 checksum failed"];
    private static readonly string[] Lost = ["cancelled by user", "Send timeout", "missing "];

    public static FlashFaultException Of(string words, int slot, long sent, long total)
    {
        if (Has(NoDisk, words))
        {
            return new FlashFaultException(
                FlashFault.NoDisk,
                $"The board finds no module in slot {slot} that it can write ({words}): the slot is empty, holds a Jetson or a CM4 without eMMC, or the board's firmware does not know the module. Nothing was written.");
        }

        if (Has(Mismatch, words))
        {
            return new FlashFaultException(FlashFault.Mismatch, $"What is on slot {slot} is not what was sent: {words}.");
        }

        return Has(Lost, words)
            ? new FlashFaultException(FlashFault.Lost, $"The board gave up after {sent} of {total} bytes: {words}.")
            : new FlashFaultException(FlashFault.Other, $"The board failed after {sent} of {total} bytes: {words}.");
    }

    private static bool Has(string[] texts, string words) => texts.Any(text => words.Contains(text, StringComparison.OrdinalIgnoreCase));
}
