using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Logger.Alerts;
using Appliance.Logger.Dashboard;
using Appliance.Logger.Dashboard.Snapshots;
using Appliance.Logger.Site;
using Appliance.Logger.Storage;
using Appliance.Protos.Rules.V1;
using Appliance.Protos.Site.V1;
using Appliance.Router;
using Appliance.Router.Site;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Appliance.Logger.Tests.Dashboard;

/// <summary>A Logger with its dashboard and store, a router that people log in at, and nobody to watch: the test itself says what happens at the site.</summary>
internal sealed partial class DashboardSite : IAsyncDisposable
{
    public const string Password = "correct-horse-battery";

    /// <summary>The account that may act, and the one that may only look.</summary>
    public const string Operator = "operator";
    public const string Reader = "rita";

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

    public WebApplication Router { get; private set; } = null!;

    /// <summary>What the router has blocked, asked with another right than the dashboard's.</summary>
    public async Task<IReadOnlyList<Block>> BlocksAtRouterAsync() =>
        (await Rules.ListBlocksAsync(new ListBlocksRequest(), cancellationToken: TestContext.Current.CancellationToken)).Blocks;

    /// <summary>How many people the router holds for signed in.</summary>
    public async Task<int> SessionsAtRouterAsync()
    {
        var client = new SessionService.SessionServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader)));
        return (await client.ListSessionsAsync(new ListSessionsRequest(), cancellationToken: TestContext.Current.CancellationToken)).Sessions.Count;
    }

    public RuleService.RuleServiceClient Rules => new(_site.Channel(Role.Router, _site.Person(PeerKind.Operator)));

    public static async Task<DashboardSite> StartAsync(TimeProvider? clock = null, params (string Key, string? Value)[] settings)
    {
        var site = new DashboardSite();
        site.AddAccounts();
        site.Router = await site.StartRouterAsync(clock ?? TimeProvider.System);
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
    public static async Task<HttpResponseMessage> LogInAsync(HttpClient client, string password = Password, string account = Operator, string returnUrl = "/")
    {
        var page = await client.GetStringAsync(new Uri($"/login?return={Uri.EscapeDataString(returnUrl)}", UriKind.Relative));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["username"] = account,
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

    /// <summary>Posts a form as the page would, with the page's own token.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields)
    {
        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative));
        using var form = new FormUrlEncodedContent(fields
            .Append(("__RequestVerificationToken", FormToken().Match(page).Groups["token"].Value))
            .Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await client.PostAsync(new Uri(path, UriKind.Relative), form);
    }

    /// <summary>The accounts as the command on the router's machine would see them.</summary>
    public AccountStore OpenAccounts() => AccountStore.Open(Path.Combine(_site.State, "router"), TimeProvider.System);

    /// <summary>A client with a session.</summary>
    public async Task<HttpClient> LoggedInAsync(CookieContainer? cookies = null, string account = Operator)
    {
        var client = Client(cookies);
        using var answer = await LogInAsync(client, account: account);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return client;
    }

    public void Store(params StoredAlert[] alerts) => Alerts.Store(alerts, alerts.Max(alert => alert.Revision));

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    private void AddAccounts()
    {
        using var accounts = OpenAccounts();
        accounts.Add(Operator, PeerKind.Operator, Password);
        accounts.Add(Reader, PeerKind.Reader, Password);
    }

    private Task<WebApplication> StartRouterAsync(TimeProvider clock) => _site.StartAsync(
        Role.Router,
        builder =>
        {
            builder.Services.AddSingleton(clock);
            builder.AddRouter();
        },
        app => app.MapRouter(),
        ("Router:Firewall:Enforce", "rendered"));

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
