using Appliance.Hosting;
using Appliance.Logger.Alerts;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>The real Logger on a test's site, started and stopped as often as the test likes; its state stays.</summary>
internal sealed class LoggerHost(TestSite site, params (string Key, string? Value)[] settings) : IAsyncDisposable
{
    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    public AlertStore Store => Services.GetRequiredService<AlertStore>();

    public async Task StartAsync()
    {
        var builder = site.Builder(Role.Logger, [("Logger:Dashboard:Port", "0"), .. settings]);
        builder.AddLogger();
        _app = builder.Build();
        _app.MapNode();
        _app.MapLogger();
        await _app.StartAsync(CancellationToken.None);
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
