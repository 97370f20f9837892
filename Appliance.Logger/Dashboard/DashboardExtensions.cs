using Appliance.Hosting.Configuration;
using Appliance.Logger.Dashboard.Access;
using Appliance.Logger.Dashboard.Actions;
using Appliance.Logger.Dashboard.Pages;
using Appliance.Logger.Dashboard.Snapshots;
using Appliance.Logger.Dashboard.Web;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MudBlazor.Services;

namespace Appliance.Logger.Dashboard;

/// <summary>The dashboard: its listener, its log-in and its pages.</summary>
internal static class DashboardExtensions
{
    // What the log-in page shows before anybody is known.
    private static readonly string[] OpenAssets = ["/login.css", "/icon.svg"];

    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddSection<DashboardOptions>(DashboardOptions.Section)
        .AddAccess()
        .AddActions()
        .AddSnapshots()
        .AddPages()
        .AddSingleton<IConfigureOptions<KestrelServerOptions>, DashboardListener>()
        .AddSingleton<IStartupFilter, HeaderFilter>();

    public static WebApplication MapDashboard(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<DashboardOptions>>().Value.Enabled)
        {
            return app;
        }

        FindAssets(app);
        app.UseMiddleware<DashboardGate>();
        app.UseAntiforgery();
        var routes = app.MapGroup("").WithMetadata(DashboardMark.Instance);
        app.Services.GetRequiredService<LoginEndpoints>().Map(routes);
        app.Services.GetRequiredService<ActionEndpoints>().Map(routes);
        app.MapStaticAssets().Add(OpenLoginAssets);
        app.MapRazorComponents<App>()
            .WithStaticAssets()
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null)
            .WithMetadata(DashboardMark.Instance);
        routes.MapFallback(() => new RazorComponentResult<App> { StatusCode = StatusCodes.Status404NotFound });
        return app;
    }

    // A published program has its assets beside it, wherever it is started from; in a build's output a manifest says where
    // they came from, and without it they are answered empty.
    private static void FindAssets(WebApplication app)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (Directory.Exists(beside))
        {
            app.Environment.WebRootPath = beside;
            app.Environment.WebRootFileProvider = new PhysicalFileProvider(beside);
        }

        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
    }

    private static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<SessionClient>().AddSingleton<SessionTable>().AddHostedService<SessionRecheck>().AddSingleton<LoginEndpoints>();
        services.AddAuthentication(DashboardSession.Scheme).AddCookie(DashboardSession.Scheme);
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "__Host-appliance-form";
            form.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            form.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddDataProtection().SetApplicationName("appliance-dashboard");

        // The keys lie in a folder of mode 0700; whoever reads that would read a key to encrypt them with, too.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error));
        services.AddOptions<KeyManagementOptions>().Configure<NodePaths, ILoggerFactory>(KeepKeys);
        return services;
    }

    private static IServiceCollection AddActions(this IServiceCollection services) => services
        .AddSingleton<BlockClient>()
        .AddSingleton<AcknowledgeClient>()
        .AddSingleton<ActionNotices>()
        .AddSingleton<ActionEndpoints>();

    private static void KeepKeys(KeyManagementOptions keys, NodePaths paths, ILoggerFactory loggers)
    {
        var folder = Path.Combine(paths.State, "dashboard-keys");
        PrivateFiles.CreateFolder(folder);
        keys.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(folder), loggers);
    }

    private static IServiceCollection AddSnapshots(this IServiceCollection services) => services
        .AddSingleton<SiteView>()
        .AddSingleton<SiteSnapshots>()
        .AddHostedService(provider => provider.GetRequiredService<SiteSnapshots>())
        .AddSingleton<LivePages>()
        .AddScoped<CircuitHandler, LivePageCounter>();

    private static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddMudServices();
        services.AddCascadingAuthenticationState();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            // A page that lost its connection is kept for a minute, and few of them: each holds its memory.
            circuits.DisconnectedCircuitMaxRetained = 5;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        });
        return services;
    }

    private static void OpenLoginAssets(EndpointBuilder asset)
    {
        asset.Metadata.Add(DashboardMark.Instance);
        var path = "/" + (asset as RouteEndpointBuilder)?.RoutePattern.RawText;
        if (OpenAssets.Any(open => path.EndsWith("_content/Appliance.Logger" + open, StringComparison.Ordinal)))
        {
            asset.Metadata.Add(new AllowAnonymousAttribute());
        }
    }
}
