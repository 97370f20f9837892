using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Appliance.Logger.Dashboard.Web;

/// <summary>Puts the headers on before anything else may answer, refusals included.</summary>
internal sealed class HeaderFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            if (context.Features.Get<DashboardMark>() is not null)
            {
                PageHeaders.SetWhenStarting(context);
            }

            return rest(context);
        });
        next(app);
    };
}
