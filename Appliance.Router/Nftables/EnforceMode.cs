namespace Appliance.Router.Nftables;

/// <summary>Whether blocks reach the kernel.</summary>
public enum EnforceMode
{
    /// <summary>In the kernel where this process may, rendered otherwise.</summary>
    Auto,

    /// <summary>In the kernel; a process that may not does not start.</summary>
    Kernel,

    /// <summary>Rendered only, whatever the process may do.</summary>
    Rendered,
}
