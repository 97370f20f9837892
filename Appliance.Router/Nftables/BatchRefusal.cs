namespace Appliance.Router.Nftables;

/// <summary>The first message of a transaction that the kernel refused, by its type, and why.</summary>
internal sealed record BatchRefusal(ushort Type, KernelRefusedException Reason);
