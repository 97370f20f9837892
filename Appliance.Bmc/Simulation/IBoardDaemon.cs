using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Simulation;

/// <summary>One life of the program that answers for a board: bmcd, or the C program of the first firmware.</summary>
internal interface IBoardDaemon : IAsyncDisposable
{
    /// <summary>Requests that reached the API, log-ins among them.</summary>
    int Requests { get; }

    int LogIns { get; }

    int Bans { get; }

    Task HandleAsync(HttpContext context);
}
