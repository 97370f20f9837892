using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Appliance.Hosting.Configuration;

/// <summary>Where the configuration comes from: one file, then the environment over it.</summary>
public static class ConfigurationSources
{
    /// <summary>Start of the variables that are settings: <c>APPLIANCE__ROUTER__CAPTURE__FILE</c> is <c>Router:Capture:File</c>.</summary>
    public const string EnvironmentPrefix = "APPLIANCE__";

    /// <summary>Replaces whatever the host builder brought along by this file and the variables that start with <see cref="EnvironmentPrefix"/>.</summary>
    public static IConfigurationManager UseOnly(this IConfigurationManager configuration, string file)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw new ConfigurationFaultException([$"{path} does not exist; name the file that holds the configuration."]);
        }

        configuration.Sources.Clear();
        try
        {
            configuration.AddJsonFile(path, optional: false, reloadOnChange: false);
        }
        catch (InvalidDataException error)
        {
            throw new ConfigurationFaultException([$"{path} is not valid JSON: {error.GetBaseException().Message}"]);
        }

        return configuration.AddEnvironmentOverrides();
    }

    /// <summary>The same for settings that the program makes itself.</summary>
    public static IConfigurationManager UseOnly(this IConfigurationManager configuration, IReadOnlyDictionary<string, string?> settings)
    {
        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(settings);
        return configuration.AddEnvironmentOverrides();
    }

    internal static IConfigurationManager AddEnvironmentOverrides(this IConfigurationManager configuration)
    {
        var isThere = configuration.Sources.OfType<EnvironmentVariablesConfigurationSource>().Any(source => source.Prefix == EnvironmentPrefix);
        if (!isThere)
        {
            configuration.AddEnvironmentVariables(EnvironmentPrefix);
        }

        return configuration;
    }
}
