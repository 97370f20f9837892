namespace Appliance.Bmc.Simulation;

/// <summary>
/// What `opt=set&amp;type=flash` or `firmware` asks for; without a node it is the BMC's own firmware. The size is that of the file as it
/// is sent or lies on the card, whatever it decodes to.
/// </summary>
internal sealed record TransferRequest(int? Node, string ProcessName, long Size, byte[]? Sha256, bool Verify)
{
    /// <summary>True when the file is decoded on its way to the module.</summary>
    public bool IsXz { get; init; }

    /// <summary>The host's file that stands for the one on the microSD card; null when it is uploaded.</summary>
    public string? LocalFile { get; init; }
}
