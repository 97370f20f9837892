using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>A form as it came in, and the status to refuse it with when it did not come from a page of ours.</summary>
internal sealed record PostedForm(IFormCollection Fields, int Status)
{
    public const string ReturnField = "return";

    /// <summary>The fields and a token of about 200 characters.</summary>
    public const int MaxBytes = 8 * 1024;

    public bool IsGood => Status == StatusCodes.Status200OK;

    public string this[string field] => Fields[field].ToString();

    /// <summary>Where the person goes next; never another site.</summary>
    public string ReturnUrl => Local(this[ReturnField]);

    // What is too long or no form at all is answered by the caller, and so with the headers that every answer has.
    public static async Task<PostedForm> ReadAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!context.Request.HasFormContentType)
        {
            return new PostedForm(FormCollection.Empty, StatusCodes.Status400BadRequest);
        }

        try
        {
            var fields = await context.Request.ReadFormAsync(context.RequestAborted);
            return new PostedForm(fields, await antiforgery.IsRequestValidAsync(context) ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException error)
        {
            return new PostedForm(FormCollection.Empty, error.StatusCode);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return new PostedForm(FormCollection.Empty, StatusCodes.Status400BadRequest);
        }
    }

    public static string Local(string? url) => url is not null && RedirectHttpResult.IsLocalUrl(url) && url[0] == '/' ? url : "/";
}
