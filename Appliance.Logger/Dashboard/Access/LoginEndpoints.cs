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
internal sealed partial class LoginEndpoints(SessionClient router, SessionTable sessions, TimeProvider clock, ILogger<LoginEndpoints> logger)
{
    public const string LoginPath = "/login";
    public const string AccountField = "username";
    public const string PasswordField = "password";

    /// <summary>What the form is filled in with: the account that `./run` makes, and that the documentation has people make first.</summary>
    public const string UsualAccount = "operator";

    /// <summary>The router's bounds.</summary>
    public const int LongestPassword = 256;
    public const int LongestAccount = 63;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(LoginPath, [HttpMethods.Get, HttpMethods.Head], Show).AllowAnonymous();
        routes.MapPost(LoginPath, LogInAsync).AllowAnonymous().DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(PostedForm.MaxBytes));
        routes.MapPost("/logout", LogOutAsync).DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(PostedForm.MaxBytes));

        // An open page calls this while it is looked at, so that its cookie slides along.
        routes.MapPost("/session", () => TypedResults.NoContent()).DisableAntiforgery();
    }

    private static Results<RedirectHttpResult, RazorComponentResult<LoginPage>> Show(
        HttpContext context, [FromQuery(Name = PostedForm.ReturnField)] string? returnUrl)
    {
        if (context.User.Identity?.IsAuthenticated == true)
        {
            return TypedResults.LocalRedirect(PostedForm.Local(returnUrl));
        }

        return Page(context, returnUrl, StatusCodes.Status200OK, "");
    }

    // The handler checks the token itself, so that a form left open too long gets a fresh one instead of a bare 400.
    private async Task<Results<RedirectHttpResult, RazorComponentResult<LoginPage>>> LogInAsync(
        HttpContext context, IAntiforgery antiforgery, CancellationToken token)
    {
        var form = await PostedForm.ReadAsync(context, antiforgery);
        if (!form.IsGood)
        {
            return Page(context, form.ReturnUrl, form.Status, "The form came incomplete, or was open for too long. Please try again.");
        }

        var source = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var account = form.Fields.ContainsKey(AccountField) ? form[AccountField].Trim() : UsualAccount;
        var outcome = await router.SignInAsync(account, form[PasswordField], source, token);
        if (outcome.Right is not { } right)
        {
            LogFailed(source, outcome.Result);
            return Refuse(context, form.ReturnUrl, outcome);
        }

        var session = DashboardSession.Begin(clock.GetUtcNow(), right);
        sessions.TryTouch(session.Id, session.Start);
        sessions.Hold(session.Id, right);
        await context.SignInAsync(DashboardSession.Scheme, session.ToPrincipal());
        LogLoggedIn(source, right.Account);
        return TypedResults.LocalRedirect(form.ReturnUrl);
    }

    private async Task<Results<RedirectHttpResult, BadRequest>> LogOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!(await PostedForm.ReadAsync(context, antiforgery)).IsGood)
        {
            return TypedResults.BadRequest();
        }

        if (DashboardSession.Of(context.User) is { } session)
        {
            var right = sessions.RightOf(session.Id);
            sessions.End(session.Id);
            await (right is null ? Task.CompletedTask : router.SignOutAsync(right));
        }

        await context.SignOutAsync(DashboardSession.Scheme);
        return TypedResults.LocalRedirect(LoginPath);
    }

    private static RazorComponentResult<LoginPage> Refuse(HttpContext context, string returnUrl, SignInOutcome outcome)
    {
        switch (outcome.Result)
        {
            case SignInResult.Delayed:
                var seconds = (int)Math.Ceiling(outcome.RetryAfter.TotalSeconds);
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return Page(context, returnUrl, StatusCodes.Status429TooManyRequests, $"Too many failed tries. Try again in {Words(seconds)}.");
            case SignInResult.RouterAway:
                return Page(context, returnUrl, StatusCodes.Status503ServiceUnavailable, "The router does not answer, and it alone knows the passwords: nobody can log in now. Who is logged in goes on seeing.");
            default:
                return Page(context, returnUrl, StatusCodes.Status401Unauthorized, "That is not the password of this account.");
        }
    }

    private static RazorComponentResult<LoginPage> Page(HttpContext context, string? returnUrl, int status, string fault)
    {
        // A strict cookie is not sent when a link on another site was followed; one more click is a click from here.
        var fromElsewhere = context.Request.Headers["Sec-Fetch-Site"] == "cross-site";
        var parameters = new { ReturnUrl = PostedForm.Local(returnUrl), Fault = fault, FromElsewhere = fromElsewhere };
        return new RazorComponentResult<LoginPage>(parameters) { StatusCode = status };
    }

    private static string Words(int seconds) =>
        seconds < 120 ? $"{seconds} seconds" : $"{(seconds + 59) / 60} minutes";

    [LoggerMessage(Level = LogLevel.Information, Message = "Dashboard: {Source} logged in as {Account}.")]
    private partial void LogLoggedIn(IPAddress source, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dashboard: {Source} was not logged in: {Result}.")]
    private partial void LogFailed(IPAddress source, SignInResult result);
}
