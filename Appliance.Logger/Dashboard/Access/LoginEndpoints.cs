using System.Globalization;
using System.Net;
using Appliance.Logger.Dashboard.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>Log in, stay logged in, log out. Plain forms: they work without JavaScript.</summary>
internal sealed partial class LoginEndpoints(
    DashboardPassword password, LoginThrottle throttle, SessionTable sessions, TimeProvider clock, ILogger<LoginEndpoints> logger)
{
    public const string LoginPath = "/login";
    public const string ReturnParameter = "return";

    // The form's fields and a token of about 200 characters.
    private const int MaxFormBytes = 8 * 1024;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(LoginPath, [HttpMethods.Get, HttpMethods.Head], Show).AllowAnonymous();
        routes.MapPost(LoginPath, LogInAsync).AllowAnonymous().DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));
        routes.MapPost("/logout", LogOutAsync).DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));

        // An open page calls this while it is looked at, so that its cookie slides along.
        routes.MapPost("/session", () => TypedResults.NoContent()).DisableAntiforgery();
    }

    private static Results<RedirectHttpResult, RazorComponentResult<LoginPage>> Show(
        HttpContext context, [FromQuery(Name = ReturnParameter)] string? returnUrl)
    {
        if (context.User.Identity?.IsAuthenticated == true)
        {
            return TypedResults.LocalRedirect(Local(returnUrl));
        }

        return Page(context, returnUrl, StatusCodes.Status200OK, "");
    }

    // The handler checks the token itself, so that a form left open too long gets a fresh one instead of a bare 400.
    private async Task<Results<RedirectHttpResult, RazorComponentResult<LoginPage>>> LogInAsync(
        HttpContext context, IAntiforgery antiforgery, CancellationToken token)
    {
        var (form, status) = await ReadFormAsync(context.Request, token);
        var returnUrl = form[ReturnParameter].ToString();
        if (status == StatusCodes.Status200OK && !await antiforgery.IsRequestValidAsync(context))
        {
            status = StatusCodes.Status400BadRequest;
        }

        if (status != StatusCodes.Status200OK)
        {
            return Page(context, returnUrl, status, "The form came incomplete, or was open for too long. Please try again.");
        }

        var source = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var admission = await throttle.EnterAsync(source, DashboardPassword.Account, token);
        if (!admission.Admitted)
        {
            var seconds = (int)Math.Ceiling(admission.RetryAfter.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Page(context, returnUrl, StatusCodes.Status429TooManyRequests, $"Too many failed tries. Try again in {Words(seconds)}.");
        }

        if (!await password.VerifyAsync(form["password"].ToString(), token))
        {
            LogFailed(source);
            return Page(context, returnUrl, StatusCodes.Status401Unauthorized, "That is not the password.");
        }

        throttle.Succeeded(source, DashboardPassword.Account);
        var session = DashboardSession.Begin(clock.GetUtcNow(), password.Stamp);
        sessions.TryTouch(session.Id, session.Start);
        await context.SignInAsync(DashboardSession.Scheme, session.ToPrincipal());
        LogLoggedIn(source);
        return TypedResults.LocalRedirect(Local(returnUrl));
    }

    // What is too long or no form at all is answered with a form, and so with the headers that every answer has.
    private static async Task<(IFormCollection Form, int Status)> ReadFormAsync(HttpRequest request, CancellationToken token)
    {
        if (!request.HasFormContentType)
        {
            return (FormCollection.Empty, StatusCodes.Status400BadRequest);
        }

        try
        {
            return (await request.ReadFormAsync(token), StatusCodes.Status200OK);
        }
        catch (InvalidDataException)
        {
            return (FormCollection.Empty, StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException error)
        {
            return (FormCollection.Empty, error.StatusCode);
        }
        catch (IOException)
        {
            return (FormCollection.Empty, StatusCodes.Status400BadRequest);
        }
    }

    private async Task<Results<RedirectHttpResult, BadRequest>> LogOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.BadRequest();
        }

        if (DashboardSession.Of(context.User) is { } session)
        {
            sessions.End(session.Id);
        }

        await context.SignOutAsync(DashboardSession.Scheme);
        return TypedResults.LocalRedirect(LoginPath);
    }

    private static RazorComponentResult<LoginPage> Page(HttpContext context, string? returnUrl, int status, string fault)
    {
        // A strict cookie is not sent when a link on another site was followed; one more click is a click from here.
        var fromElsewhere = context.Request.Headers["Sec-Fetch-Site"] == "cross-site";
        var parameters = new { ReturnUrl = Local(returnUrl), Fault = fault, FromElsewhere = fromElsewhere };
        return new RazorComponentResult<LoginPage>(parameters) { StatusCode = status };
    }

    private static string Local(string? url) => url is not null && RedirectHttpResult.IsLocalUrl(url) && url[0] == '/' ? url : "/";

    private static string Words(int seconds) =>
        seconds < 120 ? $"{seconds} seconds" : $"{(seconds + 59) / 60} minutes";

    [LoggerMessage(Level = LogLevel.Information, Message = "Dashboard: {Source} logged in.")]
    private partial void LogLoggedIn(IPAddress source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dashboard: {Source} gave a wrong password.")]
    private partial void LogFailed(IPAddress source);
}
