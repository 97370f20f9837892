using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Bmc.Simulation;

/// <summary>The board's port 80: one call without log-in, and the way to HTTPS for all else, whatever the method.</summary>
internal static class PortEighty
{
    public static BoardAnswer Answer(HttpRequest request, Func<BoardAnswer> other) =>
        HttpMethods.IsGet(request.Method) && request.Path.Value == "/info"
            ? other()
            : BoardAnswer.Empty(StatusCodes.Status308PermanentRedirect) with
            {
                Headers = [("Location", $"https://{request.Host.Host}:{SecurePort(request.HttpContext)}{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}")],
            };

    // 443 on a board.
    private static int SecurePort(HttpContext context) =>
        new Uri(context.RequestServices.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;
}
