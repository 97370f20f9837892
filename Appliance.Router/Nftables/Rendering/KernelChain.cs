using Appliance.Router.Rules;

namespace Appliance.Router.Nftables.Rendering;

/// <summary>One chain of the table and its lines in order.</summary>
/// <param name="Name">As in the kernel.</param>
/// <param name="Hook">Where it hangs and its policy, as nft writes it; empty for a chain that others jump to.</param>
/// <param name="Rules">Its lines.</param>
internal sealed record KernelChain(string Name, string Hook, IReadOnlyList<FirewallRule> Rules);
