namespace Appliance.Hosting.Updates;

/// <summary>What became of the image that was booted.</summary>
public enum BootVerdict
{
    /// <summary>The node runs no image.</summary>
    NoImage,

    /// <summary>Nothing was on trial.</summary>
    KnownGood,

    /// <summary>It was on trial and is kept.</summary>
    ProvedGood,

    /// <summary>Nothing was on trial, and the bootloader could not be told.</summary>
    Unmarked,

    /// <summary>Its health did not answer in time.</summary>
    Bad,
}
