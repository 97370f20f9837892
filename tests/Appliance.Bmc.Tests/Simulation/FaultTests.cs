using System.Net;
using System.Security.Cryptography;
using Appliance.Bmc.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class FaultTests
{
    private const int Slot1 = 1;
    private const string Cancelled = """{"Error":"cancelled by user"}""";

    private static readonly byte[] Image = RandomNumberGenerator.GetBytes(1_000_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500_000)]
    [InlineData(999_999)]
    public async Task Dropped_upload_is_cancelled_with_so_much_written_and_the_slot_off(int bytes)
    {
        await using var board = await TestBoard.StartAsync();
        board.Board.Faults.DropUploadAt = bytes;
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin());

        await Assert.ThrowsAsync<HttpRequestException>(() => board.UploadAsync(handle, Image));
        var end = await board.WaitForTransferAsync(IsOver);
        await Clocks.UntilAsync(() => board.Board.PoweredSlots == 0);

        Assert.Equal(Cancelled, end);
        Assert.True((board.Board.Content(Slot1)?.Length ?? 0) <= bytes);
        Assert.NotEqual(true, board.Board.Content(Slot1)?.IsWhole);
    }

    [Fact]
    public async Task Upload_dropped_after_its_last_byte_loses_only_the_answer()
    {
        await using var board = await TestBoard.StartAsync();
        board.Board.Faults.DropUploadAt = Image.Length;
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin());

        await Assert.ThrowsAsync<HttpRequestException>(() => board.UploadAsync(handle, Image));
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.StartsWith("""{"Done":""", end, StringComparison.Ordinal);
        Assert.True(board.Board.Content(Slot1) is { IsWhole: true, Length: 1_000_000 });
    }

    [Fact]
    public async Task Stalled_upload_goes_on_for_ever_until_its_client_leaves()
    {
        await using var board = await TestBoard.StartAsync();
        board.Board.Faults.StallUploadAt = 1000;
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin());
        using var patience = new CancellationTokenSource();
        using var uploader = board.NewRaw();
        uploader.DefaultRequestHeaders.Authorization = board.Raw.DefaultRequestHeaders.Authorization;
        var upload = uploader.PostAsync(
            $"/api/bmc/upload/{handle}",
            new MultipartFormDataContent { { new ByteArrayContent(Image), "file", "x.img" } },
            patience.Token);

        await Clocks.UntilAsync(() => board.Board.Faults.StallUploadAt is null);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal(Cancelled, end);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1L)]
    [InlineData(500_000, 500_000L)]
    [InlineData(1_000_000, 1_000_000L)]
    public async Task Daemon_killed_while_it_writes_leaves_the_slot_on_with_half_an_image(long bytes, long? written)
    {
        await using var board = await TestBoard.StartAsync();
        board.Board.Faults.KillWriteAt = bytes;
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin());

        await UploadIntoTheVoidAsync(board, handle);
        await Clocks.UntilAsync(() => board.Board.Restarts == 1);
        await board.LogInAsync();

        Assert.Equal("\"Ready\"", (await board.GetAsync("opt=get&type=flash")).Body);
        Assert.Equal(written, board.Board.Content(Slot1)?.Length);
        Assert.NotEqual(true, board.Board.Content(Slot1)?.IsWhole);
        Assert.False(board.Board.Hardware.HasBooted(Slot1 - 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(700_000)]
    public async Task Daemon_killed_while_it_verifies_is_back_ready_and_knows_of_nothing(long bytes)
    {
        await using var board = await TestBoard.StartAsync();
        board.Board.Faults.KillVerifyAt = bytes;
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin());

        await UploadIntoTheVoidAsync(board, handle);
        await Clocks.UntilAsync(() => board.Board.Restarts == 1);
        await board.LogInAsync();

        Assert.Equal("\"Ready\"", (await board.GetAsync("opt=get&type=flash")).Body);
        Assert.True(board.Board.Content(Slot1) is { IsWhole: false, Length: 1_000_000 });
    }

    [Fact]
    public async Task Daemon_is_killed_at_the_end_of_the_second_flash()
    {
        await using var board = await TestBoard.StartAsync();
        board.Board.Faults.KillAfterFlashes = 2;
        await board.LogInAsync();

        (await board.UploadAsync(await board.BeginAsync(Begin()), Image)).Dispose();
        var first = await board.WaitForTransferAsync(IsOver);
        await UploadIntoTheVoidAsync(board, await board.BeginAsync(Begin()));
        await Clocks.UntilAsync(() => board.Board.Restarts == 1);

        Assert.StartsWith("""{"Done":""", first, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await board.GetAsync("opt=get&type=flash")).Status);
    }

    [Fact]
    public async Task Killed_daemon_stays_away_for_its_dead_time()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { Pace = 1 });
        board.Board.Faults.KillWriteAt = 0;
        board.Board.Faults.DeadTime = TimeSpan.FromHours(1);
        await board.LogInAsync();
        var upload = UploadIntoTheVoidAsync(board, await board.BeginAsync(Begin()));

        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromSeconds(1), () => !IsListening(board.Board.Address));
        var gone = clock.GetUtcNow();
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMinutes(1), () => board.Board.Restarts == 1);
        await upload;

        Assert.InRange(clock.GetUtcNow() - gone, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(70));
    }

    [Fact]
    public async Task Usb_failure_happens_as_often_as_it_is_asked_for()
    {
        await using var board = await TestBoard.StartAsync();
        board.Board.Faults.UsbFailures = 1;
        await board.LogInAsync();

        await board.BeginAsync(Begin());
        var first = await board.WaitForTransferAsync(IsOver);
        var left = board.Board.PoweredSlots;
        (await board.UploadAsync(await board.BeginAsync(Begin()), Image)).Dispose();
        var second = await board.WaitForTransferAsync(IsOver);

        Assert.Equal("""{"Error":"Compute module's USB interface not found or supported"}""", first);
        Assert.Equal(0b0001, left);
        Assert.StartsWith("""{"Done":""", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_read_back_is_an_error_that_leaves_the_slot_off_and_unbootable()
    {
        await using var board = await TestBoard.StartAsync();
        board.Board.Faults.VerifyFailures = 1;
        await board.LogInAsync();

        (await board.UploadAsync(await board.BeginAsync(Begin()), Image)).Dispose();
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Matches("""^\{"Error":"crc error\. expected \d+, calculated \d+"\}$""", end);
        Assert.Equal(0, board.Board.PoweredSlots);
        Assert.False(board.Board.Content(Slot1)?.IsWhole);
    }

    [Theory]
    [InlineData("2.3.7", "failed firmware upgrade (exit status: 255)")]
    [InlineData("2.0.5", "failed os_update (exit status: 255)")]
    public async Task Refused_firmware_is_an_error_with_its_exit_status(string profile, string text)
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)! });
        board.Board.Faults.FirmwareFailures = 1;
        await board.LogInAsync();

        (await board.UploadAsync(await board.BeginAsync($"opt=set&type=firmware&file=x.tpu&length={Image.Length}"), Image)).Dispose();
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal($$"""{"Error":"{{text}}"}""", end);
    }

    [Fact]
    public async Task Slow_flash_takes_the_time_that_its_bytes_need()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        board.Board.Faults.FlashBytesPerSecond = 100_000;
        await board.LogInAsync();
        var begun = clock.GetUtcNow();

        var upload = board.UploadAsync(await board.BeginAsync(Begin() + "&skip_crc"), Image);
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(100), () => board.Board.Content(Slot1) is not null);
        (await upload).Dispose();

        Assert.InRange(clock.GetUtcNow() - begun, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Silent_board_takes_a_connection_and_answers_when_it_speaks_again()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        board.Board.Faults.Silent = true;
        using var other = board.NewRaw();

        var known = board.GetAsync("opt=get&type=power");
        var unknown = other.GetAsync("/", TestContext.Current.CancellationToken);
        var isSilent = board.Board.Faults.Silent && board.Board.Daemon.Requests == 1;
        board.Board.Faults.Silent = false;

        Assert.True(isSilent);
        Assert.Equal(HttpStatusCode.OK, (await known).Status);
        Assert.Equal(HttpStatusCode.OK, (await unknown).StatusCode);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Forbidden)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Default_password_is_taken_only_where_it_was_never_changed(bool isSet, HttpStatusCode status)
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Password = "another" });
        board.Board.Faults.DefaultPassword = isSet;

        using var reply = await board.PostLogInAsync("root", "turing");

        Assert.Equal(status, reply.StatusCode);
    }

    [Fact]
    public async Task Changed_password_counts_at_once_and_sessions_stay_open()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        board.Board.ChangePassword("another");
        using var old = await board.PostLogInAsync("root", TestBoard.Password);

        Assert.Equal(HttpStatusCode.Forbidden, old.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await board.GetAsync("opt=get&type=power")).Status);
    }

    [Fact]
    public async Task Changed_certificate_is_shown_to_new_connections()
    {
        using var another = BoardCertificate.CreateQuickly(TimeProvider.System);
        await using var board = await TestBoard.StartAsync();
        var before = board.Board.Fingerprint;

        board.Board.ChangeCertificate(another);
        using var client = board.NewRaw();
        using var reply = await client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.NotEqual(before, board.Board.Fingerprint);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task Expired_certificate_is_served_as_if_nothing_were()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with
        {
            Certificate = null,
            Faults = new BoardFaults { ExpiredCertificate = true },
        });
        DateTime? end = null;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => (end = DateTime.Parse(shown!.GetExpirationDateString(), null)) is not null },
        });

        using var reply = await client.GetAsync(board.Board.Address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.True(end < TimeProvider.System.GetLocalNow());
    }

    [Fact]
    public async Task Daemon_restarts_by_itself_when_that_is_asked_for()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { Faults = new BoardFaults { RestartAfter = TimeSpan.FromMinutes(1) } });

        clock.Advance(TimeSpan.FromMinutes(1));
        await Clocks.UntilAsync(() => board.Board.Restarts == 1);

        Assert.Equal(1, board.Board.Restarts);
    }

    [Theory]
    [InlineData("drop-upload=5", true)]
    [InlineData("flash-speed=1000000", true)]
    [InlineData("silent", true)]
    [InlineData("silent=1", false)]
    [InlineData("drop-upload", false)]
    [InlineData("drop-upload=-1", false)]
    [InlineData("drop-upload=99999999999999999999", false)]
    [InlineData("", false)]
    public void Faults_are_known_by_name(string text, bool isKnown)
    {
        var faults = new BoardFaults();

        var isApplied = FaultNames.TryApply(faults, text);

        Assert.Equal(isKnown, isApplied);
        Assert.Equal(isKnown, faults is not { DropUploadAt: null, FlashBytesPerSecond: null, Silent: false });
    }

    /// <summary>How an upload ends whose daemon is killed hangs on which of the two is faster, and on nothing that a client may rely on.</summary>
    private static async Task UploadIntoTheVoidAsync(TestBoard board, uint handle)
    {
        try
        {
            (await board.UploadAsync(handle, Image)).Dispose();
        }
        catch (HttpRequestException)
        {
        }
    }

    private static string Begin() => $"opt=set&type=flash&node=0&file=x.img&length={Image.Length}";

    private static bool IsOver(string body) => body.StartsWith("{\"Done\"", StringComparison.Ordinal) || body.StartsWith("{\"Error\"", StringComparison.Ordinal);

    private static bool IsListening(Uri address)
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient(address.Host, address.Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
