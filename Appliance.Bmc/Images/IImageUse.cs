namespace Appliance.Bmc.Images;

/// <summary>Somebody who may still need an image.</summary>
internal interface IImageUse
{
    /// <summary>Throws the reason why the image has to stay.</summary>
    void CheckUnused(Image image, bool allowLastGood);
}
