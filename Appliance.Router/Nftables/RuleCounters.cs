using Appliance.Router.Nftables.Rendering;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>The counters of the rules that people wrote, over whole applies: a table that is made anew counts from 0, and what the one before had counted is added.</summary>
internal sealed class RuleCounters(KernelSets sets, KernelTable table)
{
    // Each reading is right unless somebody replaces the table meanwhile.
    private const int MaxTries = 5;

    private readonly Lock _turn = new();
    private readonly Dictionary<string, RuleCount> _carried = new(StringComparer.Ordinal);
    private Dictionary<string, RuleCount> _last = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, string> _texts = new Dictionary<string, string>();
    private ulong _handle;

    public IReadOnlyList<RuleCount> Read()
    {
        lock (_turn)
        {
            Refresh();
            return [.. _last.Values.Select(count => Add(count, _carried.GetValueOrDefault(count.RuleId)))];
        }
    }

    /// <summary>After an apply: what a rule that was changed or taken out has counted is forgotten.</summary>
    public void Keep(TableListing listing)
    {
        lock (_turn)
        {
            var texts = listing.RuleTexts;
            Refresh();
            foreach (var id in _carried.Keys.Where(id => !texts.TryGetValue(id, out var text) || _texts.GetValueOrDefault(id) != text).ToList())
            {
                _carried.Remove(id);
            }

            _texts = texts;
        }
    }

    private void Refresh()
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            // Without a table nothing counts; what was read last is added once there is one again.
            if (table.ReadHandle(BaseRuleset.Table) is not { } handle)
            {
                return;
            }

            var read = sets.ReadCounters(BaseRuleset.Table)
                .Where(reading => reading.Name.StartsWith(Names.RulePrefix, StringComparison.Ordinal))
                .Select(reading => new RuleCount(reading.Name[Names.RulePrefix.Length..], (long)reading.Packets, (long)reading.Bytes))
                .ToDictionary(count => count.RuleId, StringComparer.Ordinal);
            if (table.ReadHandle(BaseRuleset.Table) == handle)
            {
                Take(read, handle);
                return;
            }
        }
    }

    private void Take(Dictionary<string, RuleCount> read, ulong handle)
    {
        foreach (var (id, before) in _last)
        {
            // `nft reset counters` sets them back within the same table.
            if (handle != _handle || !read.TryGetValue(id, out var now) || now.Packets < before.Packets)
            {
                _carried[id] = Add(before, _carried.GetValueOrDefault(id));
            }
        }

        _last = read;
        _handle = handle;
    }

    private static RuleCount Add(RuleCount one, RuleCount other) => one with { Packets = one.Packets + other.Packets, Bytes = one.Bytes + other.Bytes };
}
