namespace Appliance.Bmc.Flashing;

/// <summary>Hears how far an image is; called in order, and often.</summary>
internal interface IWriteProgress
{
    /// <summary>Called with the board's handle before the first byte leaves.</summary>
    void Begins(uint handle);

    void Sent(long bytes);

    void AllSent();

    void Verified(long bytes);
}
