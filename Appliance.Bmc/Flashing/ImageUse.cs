using Appliance.Bmc.Images;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>Keeps the images that a flash writes, or that recovery would.</summary>
internal sealed class ImageUse(FlashJournal journal) : IImageUse
{
    public void CheckUnused(Image image, bool allowLastGood)
    {
        if (journal.Active is { } flash && flash.ImageId == image.Id)
        {
            throw new BusyException("IMAGE_IN_USE", $"Flash {flash.Id} writes image {image.Id}; wait for it or cancel it.");
        }

        if (!allowLastGood && journal.IsLastGood(image.Id))
        {
            throw new BusyException("IMAGE_LAST_GOOD", $"Image {image.Id} is the last that a slot was proven to run, and what recovery would write to it; flash the slot with another first, or set allow_last_good.");
        }
    }
}
