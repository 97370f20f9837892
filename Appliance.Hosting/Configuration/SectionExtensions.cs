using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Configuration;

/// <summary>Ties options classes to their section of the configuration.</summary>
public static class SectionExtensions
{
    /// <summary>Binds the section; its values and keys are checked with all others when the host is mapped.</summary>
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
        services.AddOptions<TOptions>().BindConfiguration(section);
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
