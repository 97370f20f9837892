using System.ComponentModel;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>Our table as the kernel showed it right after the last apply, by which it is seen whether somebody has changed it since.</summary>
internal sealed class KeptTable(NftProgram nft, KernelTable kernel, RuleCounters counters)
{
    // A hash set that grows is read short; what three readings in a row say is so.
    private const int Readings = 3;

    private volatile TableShape? _reference;
    private volatile bool _isApplied;
    private uint _rightGeneration;

    /// <summary>Called before each apply, which makes all counters begin anew.</summary>
    public async Task PrepareAsync(CancellationToken token)
    {
        try
        {
            // What an earlier life of the gateway left has counted for the same rules.
            if (!_isApplied && kernel.ReadHandle(BaseRuleset.Table) is not null)
            {
                counters.Keep(TableListing.Parse(await nft.ListAsync(BaseRuleset.Table, token)));
            }

            counters.Read();
        }
        catch (Exception error) when (IsKernelFault(error))
        {
            // What was counted since the last reading is lost, which is no reason not to apply.
        }
    }

    /// <summary>Called after each apply that was taken.</summary>
    public async Task TakeAsync(CancellationToken token)
    {
        _isApplied = true;
        _reference = null;
        try
        {
            var taken = await ReadAsync(token);
            if (taken is not null)
            {
                counters.Keep(taken.Listing);
            }

            _reference = taken;
        }
        catch (Exception error) when (IsKernelFault(error))
        {
            // Somebody deletes it at this moment, or nft fails: with nothing to compare with, the next look has it applied again.
        }
    }

    /// <summary>What is there of the reference, and what else; generations that foreign hands made before it was read make it worthless.</summary>
    public async Task<RulesetLook> CompareAsync(uint appliedGeneration, IReadOnlyList<ForeignChange> changes, CancellationToken token)
    {
        if (!_isApplied)
        {
            return RulesetLook.Nothing;
        }

        if (kernel.ReadHandle(BaseRuleset.Table) is null)
        {
            return new RulesetLook(1, 0) { IsTableMissing = true };
        }

        var reference = _reference;
        if (reference is null || changes.Any(change => change.Generation > appliedGeneration && change.Generation <= reference.Generation))
        {
            return new RulesetLook(1, 0) { Lines = ["what it was right after the last apply is not known"] };
        }

        return kernel.ReadGeneration() == Volatile.Read(ref _rightGeneration)
            ? new RulesetLook(reference.Size, reference.Size)
            : await CompareAsync(reference, token);
    }

    private async Task<RulesetLook> CompareAsync(TableShape reference, CancellationToken token)
    {
        if (await ReadAsync(token) is not { } now)
        {
            return new RulesetLook(1, 0) { IsTableMissing = true };
        }

        var lines = reference.Listing.Compare(now.Listing);
        var changed = reference.Sets.Where(set => !IsThere(set, now)).ToList();
        if (lines.Count == 0 && changed.Count == 0)
        {
            Volatile.Write(ref _rightGeneration, now.Generation);
        }

        return new RulesetLook(reference.Size, reference.Listing.CountIn(now.Listing) + reference.Sets.Except(changed).Sum(set => set.Count))
        {
            Lines = lines,
            ChangedSets = [.. changed.Select(set => set.Set)],
        };
    }

    private bool IsThere(SetFingerprint wanted, TableShape now)
    {
        var found = now.Sets.FirstOrDefault(set => set.Set == wanted.Set);
        // A set that is gone is missed as a line of the listing.
        for (var reading = 1; reading < Readings && found != wanted && found.Set is not null; reading++)
        {
            found = kernel.ReadFingerprint(BaseRuleset.Table, wanted.Set);
        }

        return found == wanted || found.Set is null;
    }

    // The generation is read first: a change during the reading makes it look again.
    private async Task<TableShape?> ReadAsync(CancellationToken token)
    {
        try
        {
            var generation = kernel.ReadGeneration();
            var listing = TableListing.Parse(await nft.ListAsync(BaseRuleset.Table, token));
            var sets = kernel.ListSets(BaseRuleset.Table)
                .Where(set => set.IsFixed)
                .Select(set => kernel.ReadFingerprint(BaseRuleset.Table, set.Name))
                .ToList();
            return new TableShape(listing, sets, generation);
        }
        catch (Exception error) when (error is RulesetRejectedException or KernelRefusedException && kernel.ReadHandle(BaseRuleset.Table) is null)
        {
            return null;
        }
    }

    private static bool IsKernelFault(Exception error) => error is RulesetRejectedException or KernelRefusedException or Win32Exception or IOException;
}
