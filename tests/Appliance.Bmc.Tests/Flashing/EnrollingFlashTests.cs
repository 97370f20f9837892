using System.Text;
using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.NodeFiles;
using Appliance.Bmc.Recovery;
using Appliance.Bmc.Tests.NodeFiles;
using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using static Appliance.Bmc.Tests.Flashing.FlashSite;

namespace Appliance.Bmc.Tests.Flashing;

/// <summary>A slot's node asks for its certificate before its roles can answer: what its console tells of that.</summary>
public sealed class EnrollingFlashTests : IDisposable
{
    private const string Up = "the roles answer";
    private static readonly string Key = new('7', 64);

    private readonly SiteNodeFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Node_that_waits_for_an_admin_is_told_with_request_and_key_until_its_roles_answer()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var id = await BeginAsync(life);

        Print(site, Line(Role.Logger, EnrollmentLineState.Waits, "q1"));
        await life.UntilAsync(id, FlashState.Enrolling);
        var waiting = life.Desk.Find(id);
        Print(site, Line(Role.Logger, EnrollmentLineState.Certified));
        await life.UntilAsync(id, FlashState.Starting);
        Print(site, Up);
        var (end, _) = await life.EndAsync(id);

        Assert.Equal([new SlotRequest("logger", "q1", Key)], waiting.Results[0].Requests);
        Assert.Equal($"Slot 1 waits for an admin, node router: logger, request q1, key {Key}. Compare the key with 'appliance pki requests', then run 'appliance pki approve q1'.", waiting.Note);
        Assert.Equal((FlashState.Succeeded, 0), (end.State, end.Results[0].Requests.Count));
    }

    [Fact]
    public async Task Node_of_two_roles_enrolls_until_both_have_their_certificates()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var id = await BeginAsync(life);

        Print(site, Line(Role.Logger, EnrollmentLineState.Waits, "q1"), Line(Role.Bmc, EnrollmentLineState.Waits, "q2"), Line(Role.Logger, EnrollmentLineState.Certified));
        await life.UntilAsync(id, FlashState.Enrolling);
        var half = life.Desk.Find(id).Results[0].Requests;
        Print(site, Line(Role.Bmc, EnrollmentLineState.Certified));
        await life.UntilAsync(id, FlashState.Starting);

        Assert.Equal(["q2"], half.Select(request => request.RequestId));
    }

    [Fact]
    public async Task Refused_request_ends_the_flash_in_that_stage()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var id = await BeginAsync(life);

        Print(site, Line(Role.Logger, EnrollmentLineState.Refused, "q1"));
        var (end, _) = await life.EndAsync(id);

        Assert.Equal((FlashState.Failed, FlashState.Enrolling), (end.State, end.Results[0].FailedIn));
        Assert.Contains("its request q1 for a certificate was refused", end.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_that_nobody_answers_ends_it_and_the_slot_stays_on()
    {
        await using var site = await FlashSite.StartAsync();
        site.Options.EnrollmentTime = TimeSpan.Zero;
        await using var life = await site.LiveAsync();
        var id = await BeginAsync(life);

        Print(site, Line(Role.Logger, EnrollmentLineState.Waits, "q1"));
        var (end, _) = await life.EndAsync(id);

        Assert.Equal((FlashState.Failed, FlashState.Enrolling, true), (end.State, end.Results[0].FailedIn, end.Results[0].Powered));
        Assert.Contains($"nobody approved within 00:00:00: logger, request q1, key {Key}", end.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_that_do_not_answer_with_their_certificates_end_it_in_their_start()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var id = await BeginAsync(life);

        Print(site, Line(Role.Logger, EnrollmentLineState.Certified));
        await life.UntilAsync(id, FlashState.Starting);
        site.Options.ProofTime = TimeSpan.Zero;
        var (end, _) = await life.EndAsync(id);

        Assert.Equal((FlashState.Failed, FlashState.Starting), (end.State, end.Results[0].FailedIn));
        Assert.Contains("Slot 1 has its certificate as node router, but did not show", end.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_life_of_the_program_waits_on_though_the_console_has_moved_on()
    {
        await using var site = await FlashSite.StartAsync();
        string id;
        await using (var first = await site.LiveAsync())
        {
            id = await BeginAsync(first);
            Print(site, Line(Role.Logger, EnrollmentLineState.Waits, "q1"));
            await first.UntilAsync(id, FlashState.Enrolling);
        }

        // More than the board keeps.
        Print(site, [.. Enumerable.Repeat("some other line of the system, which says nothing of it", 400)]);
        await using var next = await site.LiveAsync();
        await next.UntilAsync(id, FlashState.Enrolling);
        var waiting = next.Desk.Find(id).Results[0].Requests;
        Print(site, Line(Role.Logger, EnrollmentLineState.Certified), Up);
        var (end, _) = await next.EndAsync(id);

        Assert.Equal(["q1"], waiting.Select(request => request.RequestId));
        Assert.Equal(FlashState.Succeeded, end.State);
    }

    [Fact]
    public async Task Recovery_has_done_its_part_once_the_node_waits_for_an_admin()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var first = await BeginAsync(life, _files.Logger("log"));
        Print(site, Up);
        await life.EndAsync(first);
        var reflash = new DeskReflash(life.Desk, (used, _) => Task.FromResult(used));

        var flashing = reflash.ReflashAsync(Slot1, "recovery", Token);
        await UntilProvingAsync(life, first);
        var isBusyBefore = reflash.IsBusy;
        Print(site, Line(Role.Logger, EnrollmentLineState.Waits, "q1", "log"));
        var failure = await flashing;

        Assert.Equal((true, "", false), (isBusyBefore, failure, reflash.IsBusy));
        Assert.Equal(FlashState.Enrolling, life.Desk.Active!.State);
    }

    public void Dispose() => _files.Dispose();

    private static async Task UntilProvingAsync(FlashLife life, string before)
    {
        // The job is known by its coming alone.
        while (life.Desk.Find("").Id == before)
        {
            await Task.Yield();
        }

        await life.UntilAsync(life.Desk.Find("").Id, FlashState.Proving);
    }

    /// <summary>A flash that is written and has its slot powered on.</summary>
    private async Task<string> BeginAsync(FlashLife life, NodeFileContent? file = null)
    {
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);
        var order = Order(image) with { ProofText = Up, NodeFiles = new Dictionary<SlotNumber, NodeFileContent> { [Slot1] = file ?? _files.Content("router") } };
        var flash = await life.Desk.StartAsync(order, "alice", Token);
        await life.UntilAsync(flash.Id, FlashState.Proving);
        return flash.Id;
    }

    private static string Line(Role role, EnrollmentLineState state, string request = "", string node = "router") =>
        new EnrollmentLine(role, node, state) { RequestId = request, KeySha256 = state == EnrollmentLineState.Waits ? Key : "" }.ToString();

    private static void Print(FlashSite site, params string[] lines) => site.Board.Board.Hardware.Console(0).Write(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => $"[   60.000000] appliance[400]: {line}\r\n"))));
}
