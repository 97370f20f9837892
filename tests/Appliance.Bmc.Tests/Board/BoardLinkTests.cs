using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Bmc.Tests.Board;

public sealed class BoardLinkTests : IDisposable
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Board_is_switched_without_the_role()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Password = "own" });
        using var link = Open(new BoardOptions { Address = board.Board.Address, Fingerprint = board.Board.Fingerprint, PasswordFile = PasswordFile("own") });

        await link.Board.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken);

        Assert.Equal(0b0001, board.Board.PoweredSlots);
        Assert.Null(link.Warning);
    }

    [Fact]
    public async Task First_use_is_kept_in_a_folder_that_is_made()
    {
        await using var board = await TestBoard.StartAsync();
        var options = new BoardOptions { Address = board.Board.Address, TrustOnFirstUse = true, PasswordFile = PasswordFile("turing") };

        using (var link = Open(options))
        {
            await link.Board.GetPowerAsync(TestContext.Current.CancellationToken);
        }

        var kept = new FirstUse(FirstUseFile, TimeProvider.System).Find(board.Board.Address.Authority);
        Assert.Equal(board.Board.Fingerprint, kept!.Fingerprint);
    }

    [Fact]
    public async Task Refusals_name_the_options_of_the_command_line()
    {
        await using var board = await TestBoard.StartAsync();
        using var wrongPin = Open(new BoardOptions { Address = board.Board.Address, Fingerprint = new string('A', 64), PasswordFile = PasswordFile("turing") });
        using var factory = Open(new BoardOptions { Address = board.Board.Address, Fingerprint = board.Board.Fingerprint, PasswordFile = PasswordFile("turing") });

        var certificate = await Assert.ThrowsAsync<UnreachableException>(() => wrongPin.Board.GetPowerAsync(TestContext.Current.CancellationToken));
        var password = await Assert.ThrowsAsync<BusyException>(() => factory.Board.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken));

        Assert.EndsWith("set --fingerprint to it.", certificate.Message, StringComparison.Ordinal);
        Assert.Equal(certificate.Message, wrongPin.Warning);
        Assert.EndsWith("set --allow-default-password to '127.0.0.1'.", password.Message, StringComparison.Ordinal);
        Assert.StartsWith("the board still takes the maker's password", factory.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://board", null, "Address")]
    [InlineData("https://board", "12", "Fingerprint")]
    [InlineData(null, null, "Address")]
    public void Settings_are_checked_before_anything_is_said(string? address, string? fingerprint, string field)
    {
        var options = new BoardOptions { Address = address is null ? null : new Uri(address), Fingerprint = fingerprint };

        var error = Assert.Throws<InvalidInputException>(() => Open(options));

        Assert.Equal(field, Assert.Single(error.Faults).Field);
    }

    private string FirstUseFile => _folder.File("settings/appliance/boards.json");

    private BoardLink Open(BoardOptions options) => BoardLink.Open(options, FirstUseFile, TimeProvider.System, NullLogger<BoardSession>.Instance);

    private string PasswordFile(string password)
    {
        var file = _folder.File("password");
        File.WriteAllText(file, password);
        return file;
    }
}
