using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>The session's cookie: for this host alone, out of reach of scripts, never sent from another site, short.</summary>
internal sealed class SessionCookie(IOptions<DashboardOptions> options, SessionTable sessions, TimeProvider clock)
    : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public void Configure(string? name, CookieAuthenticationOptions cookie)
    {
        if (name == DashboardSession.Scheme)
        {
            Configure(cookie);
        }
    }

    public void Configure(CookieAuthenticationOptions cookie)
    {
        // The prefix makes browsers refuse it without Secure, with a Domain, or from another path (RFC 6265bis, 4.1.3.2).
        cookie.Cookie.Name = "__Host-appliance-session";
        cookie.Cookie.Path = "/";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.ExpireTimeSpan = options.Value.SessionIdle;
        cookie.SlidingExpiration = true;
        cookie.TimeProvider = clock;
        cookie.LoginPath = LoginEndpoints.LoginPath;
        cookie.ReturnUrlParameter = PostedForm.ReturnField;
        cookie.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = ValidateAsync,
            OnRedirectToLogin = RedirectOrRefuse,
        };
    }

    private async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (DashboardSession.Of(context.Principal) is { } session
            && sessions.TryTouch(session.Id, session.Start))
        {
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(DashboardSession.Scheme);
    }

    // Only a person who opens a page is shown the way to the log-in; a script, an asset or a circuit gets a bare 401.
    private static Task RedirectOrRefuse(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        var opensPage = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && !request.Path.StartsWithSegments("/_blazor")
            && !Path.HasExtension(request.Path.Value);
        if (opensPage)
        {
            context.Response.Redirect(context.RedirectUri);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return Task.CompletedTask;
    }
}
