namespace Appliance.Evaluation;

/// <summary>Counts different items a key within a time; it keeps no more of them than the threshold.</summary>
internal sealed class DistinctInWindow<TKey, TItem>(int threshold, long window)
    where TKey : notnull
    where TItem : notnull
{
    private readonly Dictionary<TKey, Dictionary<TItem, long>> _seen = [];

    /// <summary>True when this item makes the threshold full.</summary>
    public bool Add(TKey key, TItem item, long time)
    {
        if (!_seen.TryGetValue(key, out var items))
        {
            _seen[key] = items = [];
        }

        items[item] = time;
        if (items.Count < threshold)
        {
            return false;
        }

        foreach (var old in items.Where(pair => pair.Value < time - window).Select(pair => pair.Key).ToArray())
        {
            items.Remove(old);
        }

        if (items.Count < threshold)
        {
            return false;
        }

        items.Clear();
        return true;
    }
}
