using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Board;

public sealed class FirstUseTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(Start);

    private string Path => _folder.File("board-first-use.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task First_certificate_is_trusted_kept_and_told()
    {
        await using var board = await TestBoard.StartAsync();
        using var client = Rig(board.Board.Address);

        await client.Board.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new FirstUsePin(board.Board.Fingerprint, Start), new FirstUse(Path, _clock).Find(board.Board.Address.Authority));
        Assert.Equal(board.Board.Fingerprint, client.Board.Standing.Certificate!.Fingerprint);
        Assert.True(client.Board.Standing.IsEncrypted);
    }

    [Fact]
    public async Task Another_certificate_later_is_refused_before_anything_is_said_and_told()
    {
        await using var board = await TestBoard.StartAsync();
        new FirstUse(Path, _clock).Keep(board.Board.Address.Authority, new string('A', 64));
        using var client = Rig(board.Board.Address);

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.Board.GetPowerAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<UnreachableException>(() => client.Board.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"at its first use on 2026-11-30 12:00Z it showed {new string('A', 64)} (kept in {Path})", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, board.Board.Daemon.Requests);
        Assert.Equal($"Warning {error.Message}", Assert.Single(client.Told));
        Assert.Equal((PartState.Degraded, error.Message), (client.Trust.State, client.Trust.Text));
    }

    [Fact]
    public async Task Pinned_certificate_goes_before_the_first_use()
    {
        await using var board = await TestBoard.StartAsync();
        using var client = new ClientRig(
            new BoardEndpoint(board.Board.Address, new string('B', 64), BoardCredential.Factory, Simulated: false) { FirstUse = new FirstUse(Path, _clock) }, _clock);

        await Assert.ThrowsAsync<UnreachableException>(() => client.Board.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.False(File.Exists(Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("not json")]
    [InlineData("{}{")]
    public async Task File_that_cannot_be_understood_is_no_first_use(string content)
    {
        await File.WriteAllTextAsync(Path, content, TestContext.Current.CancellationToken);
        await using var board = await TestBoard.StartAsync();
        using var client = Rig(board.Board.Address);

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.Board.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith($"{Path}, where the board's certificate is kept, cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, board.Board.Daemon.Requests);
    }

    [Fact]
    public async Task Age_of_the_certificate_is_told()
    {
        using var old = BoardCertificate.CreateQuickly(new FakeTimeProvider(new DateTimeOffset(2025, 6, 3, 0, 0, 0, TimeSpan.Zero)));
        await using var board = await TestBoard.StartAsync(with: options => options with { Certificate = old, Password = "own" });
        using var client = Rig(board.Board.Address, "own");

        await client.Board.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new DateTimeOffset(2025, 7, 3, 0, 0, 0, TimeSpan.Zero), client.Board.Standing.Certificate!.End);
        Assert.Equal((PartState.Healthy, "trusted by its certificate, made 2025-06-02, valid until 2025-07-03; boards never renew theirs"), (client.Trust.State, client.Trust.Text));
    }

    private ClientRig Rig(Uri address, string password = "turing") =>
        new(new BoardEndpoint(address, null, BoardCredential.Known("root", password), Simulated: false) { FirstUse = new FirstUse(Path, _clock) }, _clock);
}
