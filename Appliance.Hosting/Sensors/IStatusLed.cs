namespace Appliance.Hosting.Sensors;

/// <summary>A light of the machine that the role may use.</summary>
internal interface IStatusLed
{
    /// <summary>Shows that from now on; throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it can't be had.</summary>
    void Show(LedPattern pattern);
}
