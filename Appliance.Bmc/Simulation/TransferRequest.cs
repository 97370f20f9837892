namespace Appliance.Bmc.Simulation;

/// <summary>What `opt=set&amp;type=flash` or `firmware` asks for; without a node it is the BMC's own firmware.</summary>
internal sealed record TransferRequest(int? Node, string ProcessName, long Size, byte[]? Sha256, bool Verify);
