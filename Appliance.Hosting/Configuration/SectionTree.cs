namespace Appliance.Hosting.Configuration;

/// <summary>The sections that are known, as the tree that their paths make.</summary>
internal sealed class SectionTree
{
    private readonly Dictionary<string, SectionTree> _children = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The options bound here; null where only deeper sections are.</summary>
    public Type? Type { get; private set; }

    public IReadOnlyDictionary<string, SectionTree> Children => _children;

    public static SectionTree Of(IEnumerable<OptionsSection> sections)
    {
        var root = new SectionTree();
        foreach (var section in sections)
        {
            var node = root;
            foreach (var name in section.Path.Split(':'))
            {
                node = node._children.TryGetValue(name, out var child) ? child : node._children[name] = new SectionTree();
            }

            node.Type = section.Type;
        }

        return root;
    }
}
