using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Bmc.Tests;

/// <summary>An HTTPS (or plain HTTP) server that answers whatever a test wants, to a client of ours; log-ins succeed unless it says otherwise.</summary>
internal sealed class ScriptedBoard : IAsyncDisposable
{
    public const string Token = "T0ken";

    private readonly WebApplication _server;
    private readonly X509Certificate2 _certificate;
    private readonly BoardSession _session;
    private int _requests;

    private ScriptedBoard(WebApplication server, X509Certificate2 certificate, bool plain, TimeProvider clock)
    {
        _server = server;
        _certificate = certificate;
        Endpoint = new BoardEndpoint(
            new Uri(server.Urls.Single()),
            plain ? null : certificate.GetCertHashString(HashAlgorithmName.SHA256),
            BoardCredential.Known("root", "turing"),
            Simulated: false) { AllowDefaultPassword = true };
        _session = new BoardSession(new BoardTarget(Endpoint), new BoardNotices(new HealthBoard(clock), new EventLog(clock)), clock, NullLogger<BoardSession>.Instance);
        Client = new TuringPiBoard(_session);
    }

    public TuringPiBoard Client { get; }

    /// <summary>For further clients.</summary>
    public BoardEndpoint Endpoint { get; }

    /// <summary>Requests other than log-ins.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static async Task<ScriptedBoard> StartAsync(RequestDelegate answer, TimeProvider? clock = null, RequestDelegate? logIn = null, bool plain = false)
    {
        ScriptedBoard? board = null;
        var certificate = BoardCertificate.CreateQuickly(TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => _ = plain ? endpoint : endpoint.UseHttps(certificate)));
        var server = builder.Build();
        server.Run(context =>
        {
            if (context.Request.Path.Value?.EndsWith("/authenticate", StringComparison.Ordinal) == true)
            {
                return logIn?.Invoke(context) ?? context.Response.WriteAsync($$"""{"id":"{{Token}}"}""");
            }

            Interlocked.Increment(ref board!._requests);
            return answer(context);
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        board = new ScriptedBoard(server, certificate, plain, clock ?? TimeProvider.System);
        return board;
    }

    /// <summary>Answers always the same.</summary>
    public static RequestDelegate Always(string body, string mediaType = "application/json", int status = 200) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        return context.Response.WriteAsync(body);
    };

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _server.StopAsync(atOnce.Token);
        await _server.DisposeAsync();
        _certificate.Dispose();
    }
}
