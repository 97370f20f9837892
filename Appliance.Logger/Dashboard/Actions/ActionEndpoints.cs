using Appliance.Logger.Alerts;
using Appliance.Logger.Dashboard.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Appliance.Logger.Dashboard.Actions;

/// <summary>What a click may change. Plain forms with the page's own token; whether the person may is for the router and the detector to say.</summary>
internal sealed class ActionEndpoints(AlertStore alerts, BlockClient blocks, AcknowledgeClient acknowledgements, SessionTable sessions, ActionNotices notices)
{
    public const string BlockPath = "/actions/block";
    public const string UnblockPath = "/actions/unblock";
    public const string AcknowledgePath = "/actions/acknowledge";

    public const string AlertField = "alert";
    public const string BlockField = "block";
    public const string DurationField = "duration";
    public const string RequestField = "request";

    // A GUID's text; longer is not ours.
    private const int LongestId = 64;

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, BlockPath, BlockAsync);
        Map(routes, UnblockPath, (form, right, token) => blocks.UnblockAsync(right, Cut(form[BlockField]), token));
        Map(routes, AcknowledgePath, (form, right, token) => acknowledgements.AcknowledgeAsync(right, Cut(form[AlertField]), token));
    }

    private void Map(IEndpointRouteBuilder routes, string path, Func<PostedForm, PersonRight, CancellationToken, Task<ActionOutcome>> act) => routes
        .MapPost(path, (HttpContext context, IAntiforgery antiforgery) => RunAsync(context, antiforgery, act))
        .DisableAntiforgery()
        .WithMetadata(new RequestSizeLimitAttribute(PostedForm.MaxBytes));

    private async Task<Results<RedirectHttpResult, StatusCodeHttpResult>> RunAsync(
        HttpContext context, IAntiforgery antiforgery, Func<PostedForm, PersonRight, CancellationToken, Task<ActionOutcome>> act)
    {
        var form = await PostedForm.ReadAsync(context, antiforgery);
        if (!form.IsGood || DashboardSession.Of(context.User) is not { } session)
        {
            return TypedResults.StatusCode(form.IsGood ? StatusCodes.Status401Unauthorized : form.Status);
        }

        var outcome = sessions.RightOf(session.Id) is { } right
            ? await act(form, right, context.RequestAborted)
            : new ActionOutcome(false, "Your right to act has ended. Log out and in again to act.");
        notices.Say(session.Id, outcome);
        return TypedResults.LocalRedirect(form.ReturnUrl);
    }

    // The target is read from the store: a form says which alert, never which address.
    private async Task<ActionOutcome> BlockAsync(PostedForm form, PersonRight right, CancellationToken token)
    {
        if (alerts.Find(Cut(form[AlertField])) is not { } alert)
        {
            return new ActionOutcome(false, "There is no such alert any more; nothing was blocked.");
        }

        return BlockDurations.Find(form[DurationField]) is { } duration
            ? await blocks.BlockAsync(right, alert, duration, Cut(form[RequestField]), token)
            : new ActionOutcome(false, "Say for how long; nothing was blocked.");
    }

    private static string Cut(string text) => text.Length <= LongestId ? text : text[..LongestId];
}
