using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Enrollment;

internal static class EnrollmentServices
{
    /// <summary>Certificates that come and go while the role runs. The router registers a signer of its own after this one.</summary>
    public static IServiceCollection AddEnrollment(this IServiceCollection services, RunningRole running)
    {
        services
            .AddSingleton<RenewalClient>()
            .AddSingleton<CertificateSigner>(provider => provider.GetRequiredService<RenewalClient>().SignAsync)
            .AddSingleton<CertificateRenewal>()
            .AddHostedService<RenewalRun>();
        // The router revokes, and knows first.
        return running.Role == Role.Router ? services : services.AddHostedService<RevocationWatch>();
    }
}
