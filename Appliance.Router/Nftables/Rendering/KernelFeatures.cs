namespace Appliance.Router.Nftables.Rendering;

/// <summary>What the kernel here can do that not every kernel can.</summary>
/// <param name="Flowtable">It has nf_flow_table.</param>
internal sealed record KernelFeatures(bool Flowtable)
{
    public static readonly KernelFeatures Least = new(Flowtable: false);
}
