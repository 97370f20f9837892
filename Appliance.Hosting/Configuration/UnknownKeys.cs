using Microsoft.Extensions.Configuration;

namespace Appliance.Hosting.Configuration;

/// <summary>Finds keys that nothing reads, each with the known one that was likely meant.</summary>
internal sealed class UnknownKeys
{
    // Read by the framework's logging; all other keys are ours.
    private static readonly string[] Foreign = ["Logging", "AllowedHosts"];

    private readonly SectionTree _tree;
    private readonly List<string> _known = [];
    private readonly List<string> _faults = [];

    public UnknownKeys(SectionTree tree)
    {
        _tree = tree;
        Collect(tree, tree.Type, "");
    }

    public IReadOnlyList<string> Find(IConfiguration stated)
    {
        _faults.Clear();
        foreach (var child in stated.GetChildren().Where(child => !Foreign.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            Walk(child, _tree, null);
        }

        return _faults;
    }

    private void Walk(IConfigurationSection section, SectionTree? parent, Type? type)
    {
        SectionTree? subtree = null;
        var isSection = parent?.Children.TryGetValue(section.Key, out subtree) == true;
        var isSetting = OptionsShape.TryProperty(type, section.Key, out var setting);
        if (!isSection && !isSetting)
        {
            _faults.Add(Describe(section, parent, type));
        }
        else if (isSection)
        {
            WalkChildren(section, subtree, subtree!.Type);
        }
        else
        {
            WalkValue(section, setting!.PropertyType);
        }
    }

    private void WalkChildren(IConfigurationSection section, SectionTree? subtree, Type? type)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            _faults.Add($"{section.Path} is a section of settings, not the value '{section.Value}'.");
        }

        foreach (var child in section.GetChildren())
        {
            Walk(child, subtree, type);
        }
    }

    private void WalkValue(IConfigurationSection section, Type type)
    {
        if (OptionsShape.IsNested(type))
        {
            WalkChildren(section, null, type);
        }
        else if (OptionsShape.IsCollection(type))
        {
            foreach (var member in section.GetChildren())
            {
                WalkValue(member, OptionsShape.ElementType(type));
            }
        }
        else
        {
            foreach (var child in section.GetChildren())
            {
                _faults.Add($"{child.Path} is not known: {section.Path} takes one value.");
            }
        }
    }

    private string Describe(IConfigurationSection section, SectionTree? parent, Type? type)
    {
        var siblings = (parent?.Children.Keys ?? []).Concat(OptionsShape.Properties(type).Keys);
        var folder = ConfigurationPath.GetParentPath(section.Path);
        var nearest = NearestName.Find(section.Key, siblings) is { } name
            ? folder is null ? name : ConfigurationPath.Combine(folder, name)
            : NearestName.Find(section.Path, _known) ?? _known.Find(path => path.EndsWith(":" + section.Key, StringComparison.OrdinalIgnoreCase));
        return nearest is null
            ? $"{section.Path} is not known; remove it."
            : $"{section.Path} is not known; did you mean {nearest}?";
    }

    private void Collect(SectionTree node, Type? type, string path)
    {
        foreach (var (name, child) in node.Children)
        {
            var childPath = path.Length == 0 ? name : ConfigurationPath.Combine(path, name);
            _known.Add(childPath);
            Collect(child, child.Type, childPath);
        }

        foreach (var name in OptionsShape.Properties(type).Keys)
        {
            _known.Add(ConfigurationPath.Combine(path, name));
        }
    }
}
