using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Appliance.Hosting;
using Appliance.Logger.Alerts;
using Appliance.Logger.Dashboard;
using Appliance.Logger.Dashboard.Snapshots;
using Appliance.Logger.Site;
using Appliance.Logger.Storage;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Appliance.Logger.Tests.Dashboard;

/// <summary>A Logger with its dashboard and store, and nobody to watch: the test itself says what happens at the site.</summary>
internal sealed partial class DashboardSite : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly int _port = FreePorts.Take();

    public AlertStore Alerts => App.Services.GetRequiredService<AlertStore>();

    public NodeStates Nodes => App.Services.GetRequiredService<NodeStates>();

    public BlocksInForce Blocks => App.Services.GetRequiredService<BlocksInForce>();

    public TrafficPoints Traffic => App.Services.GetRequiredService<TrafficPoints>();

    public LivePages LivePages => App.Services.GetRequiredService<LivePages>();

    public WebApplication App { get; private set; } = null!;

    public Uri Address => new($"https://localhost:{_port}");

    public TestSite Site => _site;

    public string State => Path.Combine(_site.State, "logger");

    public string Password => File.ReadAllText(Path.Combine(State, "dashboard-password")).Trim();

    public static async Task<DashboardSite> StartAsync(TimeProvider? clock = null, params (string Key, string? Value)[] settings)
    {
        var site = new DashboardSite();
        site.App = await site.StartAppAsync(clock ?? TimeProvider.System, settings);
        return site;
    }

    /// <summary>Ends the host and starts another on the same state.</summary>
    public async Task RestartAsync()
    {
        await App.StopAsync(CancellationToken.None);
        App = await StartAppAsync(TimeProvider.System, []);
    }

    /// <summary>A browser's HTTP without the browser: keeps cookies, follows nothing.</summary>
    public HttpClient Client(CookieContainer? cookies = null, IPAddress? from = null)
    {
        var handler = _site.Handler(certificate: null);
        handler.AllowAutoRedirect = false;
        handler.CookieContainer = cookies ?? new CookieContainer();
        if (from is not null)
        {
            handler.ConnectCallback = async (context, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        return new HttpClient(handler) { BaseAddress = Address };
    }

    /// <summary>Fills in the form as a person would.</summary>
    public static async Task<HttpResponseMessage> LogInAsync(HttpClient client, string password, string returnUrl = "/")
    {
        var page = await client.GetStringAsync(new Uri($"/login?return={Uri.EscapeDataString(returnUrl)}", UriKind.Relative));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["password"] = password,
            ["return"] = returnUrl,
            ["__RequestVerificationToken"] = FormToken().Match(page).Groups["token"].Value,
        });
        return await client.PostAsync(new Uri("/login", UriKind.Relative), form);
    }

    /// <summary>Sends the form of the page's bar.</summary>
    public static async Task<HttpResponseMessage> LogOutAsync(HttpClient client)
    {
        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = FormToken().Match(page).Groups["token"].Value,
        });
        return await client.PostAsync(new Uri("/logout", UriKind.Relative), form);
    }

    /// <summary>A client with a session.</summary>
    public async Task<HttpClient> LoggedInAsync(CookieContainer? cookies = null)
    {
        var client = Client(cookies);
        using var answer = await LogInAsync(client, Password);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return client;
    }

    public void Store(params StoredAlert[] alerts) => Alerts.Store(alerts, alerts.Max(alert => alert.Revision));

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    private Task<WebApplication> StartAppAsync(TimeProvider clock, (string Key, string? Value)[] settings) => _site.StartAsync(
        Role.Logger,
        builder => builder.Services
            .AddSingleton(clock)
            .AddStorage()
            .AddOptions<AlertOptions>().Services
            .AddSingleton<AlertMeter>()
            .AddSingleton<AlertStore>()
            .AddSingleton<NodeStates>()
            .AddSingleton<BlocksInForce>()
            .AddSingleton<TrafficPoints>()
            .AddDashboard(),
        app => app.MapDashboard(),
        [("Logger:Dashboard:Port", $"{_port}"), .. settings]);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex FormToken();
}
