using System.Net;
using System.Net.Sockets;
using System.Text;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Health;

public sealed class ServiceNoticeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task Role_that_answers_says_that_it_is_ready_and_lives(string listen)
    {
        await using var site = new TestSite();
        await StartAsync(site, ("Node:ListenAddress", listen));

        var told = new[] { await ReceiveAsync(), await ReceiveAsync(), await ReceiveAsync() };

        Assert.Equal(["READY=1", "WATCHDOG=1", "WATCHDOG=1"], told);
    }

    [Fact]
    public async Task Role_that_need_not_say_that_it_lives_says_only_that_it_is_ready()
    {
        await using var site = new TestSite();
        await StartAsync(site, TimeSpan.Zero);

        var told = await ReceiveAsync();

        Assert.Equal("READY=1", told);
        await Assert.ThrowsAsync<TimeoutException>(() => ReceiveAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Role_with_a_failed_part_is_kept_alive_to_say_so()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site);
        await ReceiveAsync();
        app.Services.GetRequiredService<HealthBoard>().Report("store", PartState.Failed, "disk full");
        // What was sent before is no proof.
        while (_manager.Available > 0)
        {
            await ReceiveAsync();
        }

        await ReceiveAsync();
        var told = await ReceiveAsync();

        Assert.Equal("WATCHDOG=1", told);
    }

    [Fact]
    public async Task Listener_that_takes_the_connection_and_says_nothing_is_no_answer()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var answered = await app.Services.GetRequiredService<OwnCall>()
            .IsAnsweredAsync(new Uri($"https://{silent.LocalEndpoint}"), TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.False(answered);
    }

    [Fact]
    public async Task Port_that_nobody_listens_on_is_no_answer()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site);

        var answered = await app.Services.GetRequiredService<OwnCall>()
            .IsAnsweredAsync(new Uri($"https://127.0.0.1:{FreePorts.Take()}"), TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.False(answered);
    }

    [Fact]
    public async Task Refused_certificate_is_an_answer()
    {
        await using var site = new TestSite();
        await using var other = new TestSite();
        var app = await StartAsync(site);
        await other.StartAsync(Role.Detector, _ => { }, _ => { });

        var answered = await app.Services.GetRequiredService<OwnCall>()
            .IsAnsweredAsync(other.Address(Role.Detector), Patience, TestContext.Current.CancellationToken);

        Assert.True(answered);
    }

    [Fact]
    public async Task Role_that_stopped_is_silent()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site);
        await ReceiveAsync();

        await app.StopAsync(TestContext.Current.CancellationToken);

        while (_manager.Available > 0)
        {
            await ReceiveAsync();
        }

        await Assert.ThrowsAsync<TimeoutException>(() => ReceiveAsync(TimeSpan.FromSeconds(1)));
    }

    public void Dispose()
    {
        _manager.Dispose();
        _folder.Dispose();
    }

    // A period of 300 ms: every 100 ms a sign of life.
    private Task<WebApplication> StartAsync(TestSite site, params (string Key, string? Value)[] settings) => StartAsync(site, TimeSpan.FromMilliseconds(300), settings);

    private Task<WebApplication> StartAsync(TestSite site, TimeSpan period, params (string Key, string? Value)[] settings)
    {
        var path = _folder.File("notify");
        _manager.Bind(new UnixDomainSocketEndPoint(path));
        var order = new ServiceOrder(path, period);
        return site.StartAsync(Role.Detector, builder => builder.Services.AddSingleton(order), _ => { }, settings);
    }

    private Task<string> ReceiveAsync() => ReceiveAsync(Patience);

    private async Task<string> ReceiveAsync(TimeSpan patience)
    {
        var bytes = new byte[64];
        var length = await _manager.ReceiveAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(patience, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(bytes, 0, length);
    }
}
