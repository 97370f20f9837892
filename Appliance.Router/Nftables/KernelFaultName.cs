namespace Appliance.Router.Nftables;

/// <summary>Names error numbers (asm-generic/errno-base.h, errno.h).</summary>
internal static class KernelFaultName
{
    /// <summary>ENOENT has two meanings here, told apart by the attribute that the kernel points at.</summary>
    public static KernelFault Of(Acknowledgement answer, int elementsOffset) => answer.Error switch
    {
        0 => KernelFault.None,
        -1 => KernelFault.NotPermitted,
        -2 => answer.Offset >= elementsOffset ? KernelFault.ElementMissing : KernelFault.SetMissing,
        -12 or -105 => KernelFault.OutOfMemory,
        -17 => KernelFault.ElementExists,
        -22 => KernelFault.Malformed,
        -23 => KernelFault.SetFull,
        -95 => KernelFault.NotSupported,
        _ => KernelFault.Other,
    };

    public static string Describe(KernelFault fault) => fault switch
    {
        KernelFault.SetMissing => "the set or its table does not exist",
        KernelFault.ElementMissing => "the element is not in the set",
        KernelFault.ElementExists => "the element is in the set already",
        KernelFault.SetFull => "the set is full",
        KernelFault.NotPermitted => "this process may not change the firewall",
        KernelFault.Malformed => "the message does not fit the set",
        KernelFault.NotSupported => "this kernel does not support it",
        KernelFault.OutOfMemory => "the kernel is out of memory",
        _ => "the kernel refused it",
    };
}
