namespace Appliance.Bmc.Flashing;

/// <summary>Hears how far an image is; called in order, and often.</summary>
internal interface IWriteProgress
{
    /// <summary>Called before the first byte leaves.</summary>
    void Begins();

    void Sent(long bytes);

    void AllSent();

    void Verified(long bytes);
}
