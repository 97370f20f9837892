using System.Collections.Immutable;

namespace Appliance.Logger.Site;

/// <summary>The Router's blocks as last heard.</summary>
internal sealed class BlocksInForce
{
    private volatile ImmutableDictionary<string, ActiveBlock> _blocks = ImmutableDictionary<string, ActiveBlock>.Empty;

    /// <summary>False while the Router does not answer: the list is then the last one known.</summary>
    public bool IsCurrent { get; private set; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ActiveBlock> Snapshot => [.. _blocks.Values.OrderByDescending(block => block.CreateTime).ThenBy(block => block.Id, StringComparer.Ordinal)];

    /// <summary>Takes a whole list in place of what was known.</summary>
    public void Replace(IEnumerable<ActiveBlock> blocks)
    {
        _blocks = blocks.ToImmutableDictionary(block => block.Id);
        IsCurrent = true;
    }

    public void Put(ActiveBlock block) => _blocks = _blocks.SetItem(block.Id, block);

    public void Remove(string id) => _blocks = _blocks.Remove(id);

    public void Lost() => IsCurrent = false;
}
