using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>Where the kernel does not enforce: nothing stands, and nobody changes it.</summary>
internal sealed class AbsentRuleset : IKernelRuleset
{
    public Task WaitAsync(TimeSpan patience, CancellationToken token) => new TaskCompletionSource().Task.WaitAsync(token);

    public IReadOnlyList<ForeignChange> TakeChanges() => [];

    public Task<RulesetLook> LookAsync(IReadOnlyList<Block> blocks, IReadOnlyList<ForeignChange> changes, CancellationToken token) => Task.FromResult(RulesetLook.Nothing);

    public IReadOnlyList<RuleCount> ReadRules() => [];

    public void TakeOut(IReadOnlyList<StrayElement> strays)
    {
        // There is nothing to take out of.
    }
}
