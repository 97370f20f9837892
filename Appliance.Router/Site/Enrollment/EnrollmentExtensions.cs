using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Site.Enrollment;

/// <summary>Certificates of the site's nodes.</summary>
internal static class EnrollmentExtensions
{
    public static IServiceCollection AddEnrollmentDesk(this IServiceCollection services) => services
        .AddSection<EnrollmentOptions>(EnrollmentOptions.Section)
        .AddSingleton<EnrollmentDatabase>()
        .AddSingleton<RequestStore>()
        .AddSingleton<CertificateLedger>()
        .AddSingleton<OnlineAuthority>()
        .AddSingleton<RequestBudget>()
        .AddSingleton<EnrollmentVoice>()
        .AddSingleton<EnrollmentDesk>()
        .AddSingleton<CertificateDesk>()
        .AddSingleton<NodeFileDesk>()
        .AddSingleton<CertificateSigner>(provider => provider.GetRequiredService<CertificateDesk>().RenewOwnAsync);
}
