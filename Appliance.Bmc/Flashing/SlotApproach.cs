using System.Security.Cryptography;
using Appliance.Bmc.Board;
using Appliance.Bmc.Images;
using Appliance.Bmc.NodeFiles;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>Everything that is looked at before the first byte goes out to a slot.</summary>
internal sealed class SlotApproach(PatientBoard board, ImageLibrary library, FlashChecks checks, INodeChannel nodes)
{
    /// <summary>The slot as it is before it is touched; kept from the first look, since later attempts find it off.</summary>
    public async Task<SlotFlash> LookAsync(SlotNumber slot, SlotFlash before, CancellationToken token)
    {
        if (before.WasOn is not null)
        {
            return before;
        }

        var power = await board.AskAsync((asked, each) => asked.GetPowerAsync(each), token);
        var node = nodes.Knows(slot) ? await nodes.AskAsync(slot, token) : null;
        return before with { WasOn = power[slot] == true, NodeStart = node?.StartTime };
    }

    /// <summary>Throws when the slot must not be touched.</summary>
    public async Task CheckAsync(SlotNumber slot, Image image, CancellationToken token)
    {
        try
        {
            // The daemon compares digests only when all is on the module already.
            await library.CheckAsync(image, token);
            checks.CheckModule(slot, image);
            await checks.CheckHubAsync(slot, token);
        }
        catch (BusyException error)
        {
            throw new FlashFaultException(FlashFault.Refused, $"{error.Message} Nothing was sent.");
        }
    }

    /// <summary>What is to be written. With a node file the image is read twice: the board wants the digest before the first byte.</summary>
    public async Task<SlotContent> OpenAsync(Image image, NodeFileContent? file, CancellationToken token)
    {
        try
        {
            if (file is null)
            {
                return new SlotContent(library.OpenRaw(image), image.RawSha256);
            }

            string digest;
            await using (var first = await NodeFileOverlay.OpenAsync(library.OpenRaw(image), file, token))
            {
                digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(first, token));
            }

            return new SlotContent(await NodeFileOverlay.OpenAsync(library.OpenRaw(image), file, token), digest);
        }
        catch (BusyException error)
        {
            throw new FlashFaultException(FlashFault.Refused, $"{error.Message} Nothing was sent.");
        }
        catch (Exception error) when (error is not (OperationCanceledException or ApplianceException))
        {
            // What a decoder throws has many types.
            throw new FlashFaultException(FlashFault.Refused, $"Image {image.Id} cannot be read: {error.Message} Nothing was sent.");
        }
    }
}
