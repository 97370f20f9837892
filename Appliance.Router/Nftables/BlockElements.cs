using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>Compares the elements of the block sets with the blocks that should stand.</summary>
internal sealed class BlockElements(KernelSets sets)
{
    // A hash set that grows is read short; only what three readings in a row lack is missing.
    private const int Readings = 3;

    // The kernel counts down by a clock of its own, and looking takes time: what is about to end may be gone or not.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    public RulesetLook Compare(IReadOnlyList<Block> blocks, DateTimeOffset now)
    {
        var missing = new List<Block>();
        var strays = new List<StrayElement>();
        var bySet = blocks.ToLookup(BaseRuleset.SetOf);
        var wanted = 0;
        foreach (var set in BaseRuleset.BlockSets)
        {
            var standing = bySet[set].ToDictionary(block => block.Target);
            var owed = standing.Values.Where(block => block.ExpireTime > now + Margin).ToDictionary(block => block.Target);
            wanted += owed.Count;
            strays.AddRange(Read(set, owed).Where(key => !standing.ContainsKey(key)).Select(key => new StrayElement(set.Name, key)));
            missing.AddRange(owed.Values);
        }

        return new RulesetLook(wanted, wanted - missing.Count) { Missing = missing, Strays = strays };
    }

    public void TakeOut(IReadOnlyList<StrayElement> strays) => sets.Remove(
    [
        .. strays.GroupBy(stray => BaseRuleset.BlockSets.First(set => set.Name == stray.Set))
            .Select(group => new SetChange(group.Key, [.. group.Select(stray => new SetElement(stray.Key, default, 0))])),
    ]);

    // Reads until all that is owed has been seen, and takes that out of what is owed; gives what is there.
    private HashSet<BlockTarget> Read(SetName set, Dictionary<BlockTarget, Block> owed)
    {
        HashSet<BlockTarget> held = [];
        for (var reading = 0; reading < Readings && (reading == 0 || owed.Count > 0); reading++)
        {
            var before = owed.Count;
            held.Clear();
            foreach (var element in sets.List(set))
            {
                held.Add(element.Key);
                if (owed.TryGetValue(element.Key, out var block) && IsAsMade(element, block))
                {
                    owed.Remove(element.Key);
                }
            }

            // One that found something more was not the last word.
            reading = owed.Count < before && reading > 0 ? 0 : reading;
        }

        return held;
    }

    // What stands for ever or at another rate is not what was put there.
    private static bool IsAsMade(HeldElement element, Block block) =>
        element.Timeout > TimeSpan.Zero && (block.Action != BlockAction.RateLimit || element.PacketsPerSecond == block.PacketsPerSecond);
}
