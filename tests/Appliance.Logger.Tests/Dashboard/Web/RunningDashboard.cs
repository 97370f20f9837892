using System.Net;

namespace Appliance.Logger.Tests.Dashboard.Web;

/// <summary>One dashboard for tests that only ask, and a session on it.</summary>
public sealed class RunningDashboard : IAsyncLifetime
{
    private readonly CookieContainer _cookies = new();

    internal DashboardSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await DashboardSite.StartAsync();
        using var client = await Site.LoggedInAsync(_cookies);
    }

    /// <summary>Cookies that an answer sets stay with this client.</summary>
    internal HttpClient ClientWithSession()
    {
        var copy = new CookieContainer();
        copy.Add(_cookies.GetCookies(Site.Address));
        return Site.Client(copy);
    }

    public async ValueTask DisposeAsync() => await Site.DisposeAsync();
}
