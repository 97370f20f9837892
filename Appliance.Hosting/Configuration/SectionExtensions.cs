using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Hosting.Configuration;

/// <summary>Ties options classes to their section of the configuration.</summary>
public static class SectionExtensions
{
    /// <summary>Binds the section; nobody gets a value of it before it is checked together with all others.</summary>
    public static IServiceCollection AddSection<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        // Each folder of a role asks for what it needs; bound twice, a list would hold everything twice.
        var bound = new BoundSection(section, typeof(TOptions));
        if (services.Any(service => bound.Equals(service.ImplementationInstance)))
        {
            return services;
        }

        services.AddSingleton(bound);
        services.TryAddSingleton<ConfigurationCheck>();
        // Ahead of binding, which stops at the first fault: listeners read options while the host is still being built.
        services.AddOptions<TOptions>()
            .Configure<ConfigurationCheck>((_, check) => check.Validate())
            .BindConfiguration(section);
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
