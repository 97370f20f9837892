namespace Appliance.Router.Nftables;

/// <summary>Why the kernel refused a message.</summary>
internal enum KernelFault
{
    None,
    SetMissing,
    ElementMissing,
    ElementExists,
    SetFull,
    NotPermitted,
    Malformed,
    NotSupported,
    OutOfMemory,
    Other,
}
