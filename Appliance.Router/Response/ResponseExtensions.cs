using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Response;

/// <summary>The automatic answer to alerts.</summary>
internal static class ResponseExtensions
{
    public static IServiceCollection AddResponse(this IServiceCollection services) => services
        .AddSection<ResponseOptions>(ResponseOptions.Section)
        .AddSingleton(provider => new ResponsePolicy(provider.GetRequiredService<IOptions<ResponseOptions>>().Value))
        .AddSingleton<AlertCursor>()
        .AddSingleton<ResponseTrial>()
        .AddSingleton<SourceZones>()
        .AddSingleton<AlertEvidence>()
        .AddSingleton<AlertJudge>()
        .AddSingleton<AnswerEvents>()
        .AddSingleton<AlertResponder>()
        .AddHostedService<ResponseRun>()
        .AddHostedService<BlockAudit>()
        .AddHostedService<AnswerWatch>()
        .AddHostedService<AlertClient>();
}
