using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace Appliance.Hosting.Configuration;

/// <summary>Checks every known section and every stated key, and tells all faults at once.</summary>
/// <remarks>Binding alone stops at the first fault, and its own check for unknown keys at the first section.</remarks>
public sealed class ConfigurationCheck(IConfiguration configuration, IEnumerable<OptionsSection> sections)
{
    private readonly OptionsSection[] _sections = [.. sections.Distinct()];
    private IReadOnlyList<string>? _faults;

    /// <summary>The faults of settings that are not in use yet.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string?> settings, IEnumerable<OptionsSection> sections)
    {
        var (all, stated) = (sections.Distinct().ToArray(), new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        return [.. new UnknownKeys(SectionTree.Of(all)).Find(stated), .. all.SelectMany(section => new SectionValues(stated, section).Check())];
    }

    /// <summary>The faults, empty where the configuration can be used.</summary>
    public IReadOnlyList<string> Find()
    {
        // Every options value asks; settings take effect at start only, so once is enough.
        if (_faults is null)
        {
            using var stated = Stated();
            var unknown = new UnknownKeys(SectionTree.Of(_sections)).Find(stated);
            var values = _sections.SelectMany(section => new SectionValues(configuration, section).Check());
            _faults = [.. unknown, .. values];
        }

        return _faults;
    }

    public void Validate()
    {
        var faults = Find();
        if (faults.Count > 0)
        {
            throw new ConfigurationFaultException(faults);
        }
    }

    // The whole environment of the process and the framework's own settings are in the configuration as well,
    // so keys are only held against the files and the variables that are ours.
    private ConfigurationRoot Stated()
    {
        var builder = new ConfigurationBuilder();
        foreach (var source in (configuration as IConfigurationBuilder)?.Sources ?? [])
        {
            if (source is JsonConfigurationSource or EnvironmentVariablesConfigurationSource { Prefix: ConfigurationSources.EnvironmentPrefix })
            {
                builder.Add(source);
            }
        }

        return (ConfigurationRoot)builder.Build();
    }
}
