using Appliance.Bmc.Board;
using Appliance.Bmc.Images;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>What can be known to fail before a slot is touched.</summary>
internal sealed class FlashChecks(IBoard board, SlotFeed feed, SlotGuard guard)
{
    private const int LongestProof = 200;

    // From this revision on all slots hang on one hub.
    private static readonly Version HubSince = new(2, 5);

    /// <summary>Throws what is wrong with the order itself.</summary>
    public static void CheckOrder(FlashOrder order, Image image)
    {
        if (order.Slots.Count == 0 || order.Slots.Distinct().Count() != order.Slots.Count)
        {
            throw new InvalidInputException("slot_numbers", order.Slots.Count == 0 ? "is empty; name at least one slot" : "names a slot twice");
        }

        if (order.ProofText.Length > LongestProof || order.ProofText.Any(letter => letter is < ' ' or > '~'))
        {
            throw new InvalidInputException("proof_text", $"must be at most {LongestProof} printable ASCII characters");
        }

        if (order.ProofText.Length == 0 && image.Version.Length == 0)
        {
            throw new InvalidInputException("proof_text", $"is empty, and image {image.Id} has no version to be known by; upload it with its version, or say what its console prints when it runs");
        }
    }

    /// <summary>Throws when the slot's module, as far as it is known, cannot be written, or the image is not for it.</summary>
    public void CheckModule(SlotNumber slot, Image image)
    {
        if (guard.HostsThisRole(slot))
        {
            throw new BusyException("SLOT_HOSTS_BMC", $"Slot {slot} hosts this role itself, which would be gone in the middle; flash it from a workstation.");
        }

        var module = feed.Current[slot.Index].Module;
        if (Has(module, "jetson") || Has(module, "orin") || Has(module, "xavier") || Has(module, "tx2"))
        {
            throw new BusyException(
                "MODULE_NOT_WRITABLE",
                $"Slot {slot} holds {module}: the board cannot write NVIDIA modules. Put it into recovery with SelectUsb and flash it over the USB port from an x86 host with NVIDIA's tools.");
        }

        if (Has(module, "lite"))
        {
            throw new BusyException("MODULE_NOT_WRITABLE", $"Slot {slot} holds {module}, which has no eMMC that the board could write; write its SD card instead.");
        }

        if (image.Module.Length > 0 && module.Length > 0 && !Has(module, image.Module))
        {
            throw new BusyException("IMAGE_FOR_OTHER_MODULE", $"Image {image.Id} is for {image.Module}, slot {slot} holds {module}; pick an image built for {module}.");
        }
    }

    /// <summary>Throws when another module would be written in place of the slot's: on a hub the board takes the first that it finds.</summary>
    public async Task CheckHubAsync(SlotNumber slot, CancellationToken token)
    {
        var facts = await board.GetFactsAsync(token);
        if (!Version.TryParse(facts.Revision.TrimStart('v'), out var revision) || revision < HubSince)
        {
            return;
        }

        var route = await board.GetUsbAsync(token);
        if (route.Mode == UsbMode.Flash && route.Slot != slot && (await board.GetPowerAsync(token))[route.Slot] == true)
        {
            throw new BusyException(
                "OTHER_MODULE_IN_BOOT_MODE",
                $"Slot {route.Slot} is in boot mode too, and board {facts.Revision} writes the first module that it finds, which need not be slot {slot}; power slot {route.Slot} off first.");
        }
    }

    private static bool Has(string module, string word) => module.Contains(word, StringComparison.OrdinalIgnoreCase);
}
