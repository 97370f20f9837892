using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules.Keeping;

/// <summary>Looks whether the kernel has what it should, and makes it so.</summary>
internal sealed class RulesetReconciler(RuleBook rules, IKernelRuleset kernel, EnforcementHealth health, ForeignChangeReport report)
{
    // The kernel tells of a change within the call that makes it; this is how long our own thread may take to hear of it.
    private static readonly TimeSpan HearingTime = TimeSpan.FromMilliseconds(500);

    /// <summary>True when something had to be put right, or could not be.</summary>
    /// <remarks>
    /// The first look takes no turn, so that no block waits for it. It may see half of what is being changed just now, so that only what a
    /// second one finds, in a turn in which nobody here changes anything, is believed.
    /// </remarks>
    public async Task<bool> LookAsync(CancellationToken token)
    {
        if (!rules.Firewall.Enforces)
        {
            return false;
        }

        var changes = kernel.TakeChanges();
        var look = await kernel.LookAsync(Enforced(rules.Blocks.All), changes, token);
        if (look.IsRight)
        {
            // Nothing to compare with means that no apply was ever taken, which whoever applies tells.
            if (look != RulesetLook.Nothing)
            {
                health.Measured(look.Ratio);
            }

            return false;
        }

        return await rules.Blocks.InTurnAsync((blocks, stop) => PutRightAsync(blocks, changes, stop), token);
    }

    private async Task<bool> PutRightAsync(IReadOnlyList<Block> blocks, IReadOnlyList<ForeignChange> earlier, CancellationToken token)
    {
        List<ForeignChange> changes = [.. earlier, .. kernel.TakeChanges()];
        var look = await kernel.LookAsync(Enforced(blocks), changes, token);
        health.Measured(look.Ratio);
        if (look.IsRight)
        {
            return false;
        }

        if (changes.Count == 0)
        {
            await kernel.WaitAsync(HearingTime, token);
            changes.AddRange(kernel.TakeChanges());
        }

        var fault = await TryAsync(look, blocks, token);
        if (changes.Any(change => change.IsHeard) || look.IsTableMissing || look.Lines.Count > 0 || fault is not null)
        {
            report.Tell(look, changes, fault);
        }
        else
        {
            report.TellQuietly(look);
        }

        return true;
    }

    /// <summary>Null, or why the kernel could not be made to have it.</summary>
    private async Task<string?> TryAsync(RulesetLook look, IReadOnlyList<Block> blocks, CancellationToken token)
    {
        try
        {
            if (look.IsTableWrong)
            {
                await rules.Enforcer.ApplyAsync(blocks, token);
            }
            else
            {
                // First out, then in: what stands for ever or at another rate is in the way of what should be there.
                kernel.TakeOut(look.Strays);
                await rules.Enforcer.PutAsync(look.Missing, blocks, token);
            }

            report.Count(look);
            health.Applied();
            return null;
        }
        catch (UnreachableException error)
        {
            return error.Message;
        }
    }

    private static Block[] Enforced(IReadOnlyList<Block> blocks) => [.. blocks.Where(block => !block.IsDryRun)];
}
