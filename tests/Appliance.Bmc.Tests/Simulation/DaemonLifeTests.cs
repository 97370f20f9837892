using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class DaemonLifeTests
{
    [Fact]
    public async Task Restart_makes_tokens_void_and_ends_the_transfer()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        await board.BeginAsync("opt=set&type=flash&node=0&file=x.img&length=5");

        await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
        var (status, body) = await board.GetAsync("opt=get&type=power");
        await board.LogInAsync();
        var (_, transfer) = await board.GetAsync("opt=get&type=flash");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.EndsWith("is not registered", body, StringComparison.Ordinal);
        Assert.Equal("\"Ready\"", transfer);
    }

    [Fact]
    public async Task Restart_puts_the_stored_power_back_on_the_rails()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=reset&node=1");
        var before = board.Board.PoweredSlots;

        await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal((0b0011, 0b0001), (before, board.Board.PoweredSlots));
    }

    [Theory]
    [InlineData(2, false, 0b0000)]
    [InlineData(3, false, 0b0001)]
    [InlineData(0, true, 0b0001)]
    public async Task Kill_loses_what_was_set_in_the_last_three_seconds(int seconds, bool orderly, byte power)
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=power&node1=1");
        clock.Advance(TimeSpan.FromSeconds(seconds));

        await board.Board.RestartDaemonAsync(orderly, TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(power, board.Board.PoweredSlots);
    }

    [Theory]
    [InlineData("reload")]
    [InlineData("reboot")]
    public async Task Restart_that_is_asked_for_is_answered_first(string type)
    {
        await using var board = await TestBoard.StartAsync();
        var token = await board.LogInAsync();
        var address = board.Board.Address;

        var answer = await board.GetAsync($"opt=set&type={type}");
        await Clocks.UntilAsync(() => board.Board.Restarts == 1);
        var (_, body) = await board.GetAsync("opt=get&type=power");

        Assert.Equal((HttpStatusCode.OK, """{"response":[{"result":"ok"}]}"""), answer);
        Assert.Equal($"token {token} is not registered", body);
        Assert.Equal(address, board.Board.Address);
    }

    [Fact]
    public void Certificate_is_the_firmwares_own_kind()
    {
        using var certificate = Appliance.Bmc.Simulation.BoardCertificate.Create(TimeProvider.System, isExpired: false);

        Assert.Equal("CN=Turing-Pi self signed", certificate.Subject);
        Assert.Equal(4096, System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPublicKey(certificate)!.KeySize);
        Assert.Equal(30, (int)Math.Round((certificate.NotAfter - certificate.NotBefore).TotalDays));
        Assert.Empty(certificate.Extensions);
    }
}
