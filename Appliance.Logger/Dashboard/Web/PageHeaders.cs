using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Appliance.Logger.Dashboard.Web;

/// <summary>What browsers are told to allow and to refuse, on every answer of the dashboard.</summary>
internal static class PageHeaders
{
    // Style attributes are what MudBlazor, uPlot and Virtualize place things with, so styles may be inline; scripts may not,
    // anywhere. frame-ancestors stands for X-Frame-Options. Blazor's web socket is same-origin and so within 'self'.
    private const string ContentSecurity =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    private const string Permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    // One year, RFC 6797. Not for "localhost": it would force TLS on every other program that is tried out there.
    private const string StrictTransport = "max-age=31536000";

    public static void SetWhenStarting(HttpContext context) => context.Response.OnStarting(Set, context);

    private static Task Set(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurity;
        headers.XContentTypeOptions = "nosniff";

        // Not "no-referrer": browsers then send the page's own forms with "Origin: null", which the gate takes for foreign.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!IsLoopback(context.Request.Host.Host))
        {
            headers.StrictTransportSecurity = StrictTransport;
        }

        // Assets say themselves how long they keep; whatever does not is private.
        if (!headers.ContainsKey(HeaderNames.CacheControl))
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
