using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Appliance.Bmc.Simulation;
using Appliance.Commands;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

/// <summary>Commands that speak to a board straight from a workstation, with `--board`.</summary>
[Trait("Category", "Slow")]
public sealed class WorkstationTests : IAsyncDisposable
{
    private const string Password = "a password of its own";

    private readonly TempFolder _folder = new();
    private SimulatedBoard? _board;

    private SimulatedBoard Board => _board ?? throw new InvalidOperationException("No board was started.");

    [Fact]
    public async Task Image_is_flashed_proved_and_kept_without_a_site()
    {
        await StartBoardAsync();
        var file = await WriteImageAsync("appliance-cm4-1.2.3.img");

        var flash = await RunAsync(FlashCommand.Create(), ["--slot", "1", "--image", file, "--format", "json"]);
        var images = await RunAsync(FlashCommand.Create(), ["images", "--format", "json"]);
        var slot = await RunAsync(SlotsCommand.Create(), ["show", "1", "--format", "json"]);

        Assert.Equal((0, "succeeded"), (flash.Code, Word(flash.Output, "state")));
        Assert.Equal("1.2.3", Word(images.Output, "version"));
        Assert.Equal("on", Word(slot.Output, "power"));
        Assert.Contains("slot 1 writing", flash.Error, StringComparison.Ordinal);
        Assert.Contains("slot 1 verifying", flash.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slot_that_cannot_be_flashed_is_exit_code_1_with_the_reason()
    {
        await StartBoardAsync();
        var file = await WriteImageAsync("appliance-cm4-1.2.3.img");

        var flash = await RunAsync(FlashCommand.Create(), ["--slot", "3", "--image", file]);

        Assert.Equal(1, flash.Code);
        Assert.Contains("finds no module in slot 3 that it can write", flash.Output + flash.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_that_is_not_the_pinned_one_is_not_spoken_to()
    {
        await StartBoardAsync();

        var list = await RunAsync(SlotsCommand.Create(), ["list", "--format", "json"], fingerprint: new string('A', 64));
        var board = await RunAsync(BoardCommand.Create(), ["show"], fingerprint: new string('A', 64));

        Assert.All(list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal("unreachable", Word(line, "state")));
        Assert.Contains("does not answer", board.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Makers_password_is_told_and_the_board_not_switched_until_it_is_named()
    {
        await StartBoardAsync("turing");

        var shown = await RunAsync(BoardCommand.Create(), ["show"]);
        var refused = await RunAsync(SlotsCommand.Create(), ["on", "2"]);
        var allowed = await RunAsync(SlotsCommand.Create(), ["on", "2", "--allow-default-password", "127.0.0.1"]);

        Assert.Contains("The board still takes the password that it was made with", shown.Output, StringComparison.Ordinal);
        Assert.Equal((1, 0), (refused.Code, allowed.Code));
        Assert.EndsWith("set --allow-default-password to '127.0.0.1'.\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0b0011, Board.PoweredSlots);
    }

    [Fact]
    public async Task Certificate_of_the_first_use_is_held_to_by_the_next_command()
    {
        await StartBoardAsync();

        var first = await RunAsync(SlotsCommand.Create(), ["on", "2", "--trust-on-first-use"], fingerprint: "");
        using var other = NewCertificate();
        Board.ChangeCertificate(other);
        var second = await RunAsync(SlotsCommand.Create(), ["off", "2", "--cut", "--trust-on-first-use"], fingerprint: "");

        Assert.Equal((0, 1), (first.Code, second.Code));
        Assert.Equal(0b0011, Board.PoweredSlots);
    }

    [Fact]
    public async Task Board_is_shown_with_its_versions_and_its_fan_is_set()
    {
        await StartBoardAsync();

        var shown = await RunAsync(BoardCommand.Create(), ["show", "--format", "json"]);
        var set = await RunAsync(BoardCommand.Create(), ["fan", "50"]);

        Assert.Equal("2.3.7", Word(shown.Output, "daemon_version"));
        Assert.Equal(Board.Fingerprint, Word(shown.Output, "certificate_sha256"), ignoreCase: true);
        Assert.Contains("Fan:          system fan at step 3 of 6", set.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_is_shown_and_typed_at()
    {
        await StartBoardAsync();

        var on = await RunAsync(SlotsCommand.Create(), ["cycle", "1", "--down-time", "1", "--cut"]);
        var typed = await RunAsync(SlotsCommand.Create(), ["type", "1", "uname"]);
        var console = await RunAsync(SlotsCommand.Create(), ["console", "1"]);

        Assert.Equal((0, 0, 0), (on.Code, typed.Code, console.Code));
        Assert.Contains("slot1 login: ", console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', console.Output);
    }

    [Fact]
    public async Task Folder_that_another_command_uses_is_left_alone()
    {
        await StartBoardAsync();
        Directory.CreateDirectory(_folder.File("state"));
        using var other = new FileStream(Path.Combine(_folder.File("state"), "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var list = await RunAsync(SlotsCommand.Create(), ["list"]);

        Assert.Equal((1, ""), (list.Code, list.Output));
        Assert.Contains($"{_folder.File("state")} is in use by another command for this board", list.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_board is not null)
        {
            await _board.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartBoardAsync(string password = Password)
    {
        await File.WriteAllTextAsync(_folder.File("password"), password, TestContext.Current.CancellationToken);
        _board = await SimulatedBoard.StartAsync(
            new SimulatorOptions { Profile = BoardProfiles.All[0], Password = password, StoredPower = 0b0001, Pace = 0 },
            TimeProvider.System,
            TestContext.Current.CancellationToken);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=Turing-Pi self signed", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(29));
    }

    private async Task<string> WriteImageAsync(string name)
    {
        var bytes = new byte[3 << 20];
        new Random(1).NextBytes(bytes);
        Encoding.ASCII.GetBytes("\nAPPLIANCE-IMAGE 1.2.3 router node1\n").CopyTo(bytes, 4096);
        await File.WriteAllBytesAsync(_folder.File(name), bytes, TestContext.Current.CancellationToken);
        return _folder.File(name);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(Command command, string[] arguments, string? fingerprint = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parsed = command.Parse(
        [
            .. arguments, "--board", Board.Address.ToString(), .. fingerprint == "" ? (string[])[] : ["--fingerprint", fingerprint ?? Board.Fingerprint],
            "--password-file", _folder.File("password"), "--board-state", _folder.File("state"),
        ]);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private static string? Word(string line, string field)
    {
        using var read = JsonDocument.Parse(line);
        return read.RootElement.GetProperty(field).GetString();
    }
}
