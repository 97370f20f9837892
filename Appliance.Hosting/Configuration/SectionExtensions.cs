using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Configuration;

/// <summary>Ties options classes to their section of the configuration.</summary>
public static class SectionExtensions
{
    /// <summary>Binds the section; its values and keys are checked with all others when the host is mapped.</summary>
    public static IServiceCollection AddSection<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddOptions<TOptions>().BindConfiguration(section);
        // Twice the same section is harmless: every folder of a role may ask for what it needs.
        return services.AddKnownSections([new OptionsSection(section, typeof(TOptions))]);
    }

    /// <summary>Names sections that other roles bind, so that one file with all of them is accepted and checked.</summary>
    public static IServiceCollection AddKnownSections(this IServiceCollection services, IEnumerable<OptionsSection> sections)
    {
        foreach (var section in sections)
        {
            services.AddSingleton(section);
        }

        return services;
    }
}
