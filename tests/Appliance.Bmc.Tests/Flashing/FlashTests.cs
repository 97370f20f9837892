using System.Security.Cryptography;
using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.Slots;
using Appliance.Bmc.Tests.Images;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using static Appliance.Bmc.Tests.Flashing.FlashSite;

namespace Appliance.Bmc.Tests.Flashing;

[Trait("Category", "Slow")]
public sealed class FlashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slot_is_written_read_back_powered_on_and_proven_in_that_order()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, states) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Succeeded, "", 1_000_000L, 1_000_000L), (end.State, end.Failure, end.WrittenBytes, end.VerifiedBytes));
        Assert.Equal(states.Order(), states);
        Assert.Equal((true, 1, "Its console shows 'appliance: image 1.2.3, role logger, node node2'."), (end.Results[0].Powered, end.Results[0].Attempts, end.Results[0].Proof));
        Assert.Equal(0b0001, site.Board.Board.PoweredSlots);
        Assert.Equal((image.Id, flash.Id), (life.Desk.LastGood(Slot1)!.ImageId, life.Desk.LastGood(Slot1)!.FlashId));
        Assert.Null(life.Desk.Active);
        Assert.True(life.Desired.Of(Slot1));
    }

    [Theory]
    [InlineData("zstd", "-q -c")]
    [InlineData("xz", "-c -1")]
    public async Task Compressed_image_is_on_the_module_as_it_was_before_it_was_compressed(string tool, string arguments)
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var disk = Label(Packed.Disk(3_000_000), "1.2.3");
        var image = await AddAsync(life, await Packed.WithAsync(tool, arguments, disk), "1.2.3");

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Succeeded, 3_000_000L), (end.State, end.WrittenBytes));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(disk)), site.Board.Board.Content(1)!.Sha256);
    }

    [Fact]
    public async Task Node_that_has_started_again_with_the_version_is_proof()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var start = TimeProvider.System.GetUtcNow();
        site.Nodes.Say(Slot1, PretendNodes.Running("1.2.3") with { StartTime = start });

        var flash = await life.Desk.StartAsync(Order(image) with { ProofText = "never printed" }, "alice", Token);
        await life.UntilAsync(flash.Id, FlashState.Proving);
        site.Nodes.Say(Slot1, PretendNodes.Running("1.2.3") with { StartTime = start - TimeSpan.FromDays(1) });
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Succeeded, "Its node answers with version 1.2.3."), (end.State, end.Results[0].Proof));
    }

    [Theory]
    [InlineData("1.2.3", 0, "has not started again")]
    [InlineData("1.2.2", 1, "its node answers with version 1.2.2")]
    public async Task Node_that_shows_something_else_is_no_proof_and_its_slot_stays_on(string version, int later, string words)
    {
        await using var site = await FlashSite.StartAsync();
        site.Options.ProofTime = TimeSpan.FromSeconds(1);
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var start = TimeProvider.System.GetUtcNow();
        site.Nodes.Say(Slot1, PretendNodes.Running() with { StartTime = start });

        var flash = await life.Desk.StartAsync(Order(image) with { ProofText = "never printed" }, "alice", Token);
        await life.UntilAsync(flash.Id, FlashState.Proving);
        site.Nodes.Say(Slot1, PretendNodes.Running(version) with { StartTime = start.AddSeconds(later) });
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Failed, true), (end.State, end.Results[0].Powered));
        Assert.Contains(words, end.Failure, StringComparison.Ordinal);
        Assert.Null(life.Desk.LastGood(Slot1));
    }

    [Fact]
    public async Task Console_from_before_the_power_on_is_no_proof()
    {
        await using var site = await FlashSite.StartAsync();
        site.Options.ProofTime = TimeSpan.FromSeconds(1);
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        site.Board.Board.Hardware.Console(0).Write("appliance: image 1.2.3, role logger, node node2\r\nold words\r\n"u8);

        var flash = await life.Desk.StartAsync(Order(image) with { ProofText = "old words" }, "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal(FlashState.Failed, end.State);
        Assert.Contains("did not show within 00:00:01 that it runs the image ('old words' on its console)", end.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_that_is_not_what_was_uploaded_is_refused_with_no_byte_sent()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        await File.WriteAllBytesAsync(Path.Combine(site.ImagesFolder, image.Id + ".image"), new byte[1_000_000], Token);

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Failed, 0, 0L, true), (end.State, life.Board.Begun, life.Board.Read, end.Results[0].Powered));
        Assert.Contains("is damaged", end.Failure, StringComparison.Ordinal);
        Assert.Equal(0b0001, site.Board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Image_that_cannot_be_decompressed_on_fails_the_slot_and_not_the_program()
    {
        await using var site = await FlashSite.StartAsync();
        string id;
        await using (var first = await site.LiveAsync())
        {
            id = (await AddAsync(first)).Id;
        }

        var note = Path.Combine(site.ImagesFolder, id + ".json");
        await File.WriteAllTextAsync(note, (await File.ReadAllTextAsync(note, Token)).Replace("\"Raw\"", "\"Zstd\"", StringComparison.Ordinal), Token);
        await using var life = await site.LiveAsync();

        var flash = await life.Desk.StartAsync(Order(life.Library.Find(id)), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);
        var next = await life.Desk.StartAsync(Order(await AddAsync(life)), "alice", Token);
        var (second, _) = await life.EndAsync(next.Id);

        Assert.Equal((FlashState.Failed, FlashState.Failed, FlashState.Succeeded), (end.State, end.Results[0].State, second.State));
        Assert.Contains("The image cannot be read on", end.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_operators_who_start_at_once_one_is_refused_and_the_other_is_not_disturbed()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);

        var both = await Task.WhenAll(
            Task.Run(() => StartedAsync(life, Order(image, Slot1), "alice")),
            Task.Run(() => StartedAsync(life, Order(image, Slot2), "bob")));
        var winner = both.Single(one => one.Flash is not null).Flash!;
        var (end, _) = await life.EndAsync(winner.Id);

        Assert.Equal("FLASH_IN_PROGRESS", both.Single(one => one.Flash is null).Refusal);
        Assert.Equal((FlashState.Succeeded, 1), (end.State, life.Board.Begun));
    }

    [Fact]
    public async Task Same_request_again_is_answered_with_the_first_job_also_when_that_is_done()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var order = Order(image) with { RequestId = "once" };

        var first = await life.Desk.StartAsync(order, "alice", Token);
        await life.EndAsync(first.Id);
        var second = await life.Desk.StartAsync(order, "alice", Token);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => life.Desk.StartAsync(order with { Slots = [Slot2] }, "alice", Token));

        Assert.Equal((first.Id, 1), (second.Id, life.Board.Begun));
        Assert.Contains("was used for flash", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jetson", "", "cannot write NVIDIA modules")]
    [InlineData("cm4-lite", "", "has no eMMC")]
    [InlineData("rk1", "cm4", "pick an image built for rk1")]
    public async Task Module_that_cannot_be_written_is_refused_before_anything_is_touched(string module, string imageModule, string words)
    {
        await using var site = await FlashSite.StartAsync();
        site.Slots.Slot2.Module = module;
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, module: imageModule);

        var error = await Assert.ThrowsAsync<BusyException>(() => life.Desk.StartAsync(Order(image, Slot1, Slot2), "alice", Token));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0b0001), (life.Board.Begun, site.Board.Board.PoweredSlots));
        Assert.Null(life.Desk.Active);
    }

    [Fact]
    public async Task Critical_slot_is_flashed_only_if_asked_and_the_one_that_hosts_this_role_never()
    {
        await using var site = await FlashSite.StartAsync();
        site.Slots.Slot1.Critical = true;
        site.Slots.HostedOn = 2;
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);

        var critical = await Assert.ThrowsAsync<BusyException>(() => life.Desk.StartAsync(Order(image), "alice", Token));
        var host = await Assert.ThrowsAsync<BusyException>(() => life.Desk.StartAsync(Order(image, Slot2) with { AllowCritical = true }, "alice", Token));
        var flash = await life.Desk.StartAsync(Order(image) with { AllowCritical = true }, "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal(("SLOT_CRITICAL", "SLOT_HOSTS_BMC", FlashState.Succeeded), (critical.Reason, host.Reason, end.State));
    }

    [Fact]
    public async Task Another_module_in_boot_mode_is_refused_on_a_hub()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        await life.Board.SetPowerAsync(Slot2, true, Token);
        await life.Board.SetUsbAsync(new UsbRoute(Slot2, UsbMode.Flash, ToBmc: true), Token);

        var error = await Assert.ThrowsAsync<BusyException>(() => life.Desk.StartAsync(Order(image), "alice", Token));

        Assert.Equal("OTHER_MODULE_IN_BOOT_MODE", error.Reason);
        Assert.Equal(0, life.Board.Begun);
    }

    [Fact]
    public async Task Transfer_that_others_have_begun_on_the_board_is_not_cancelled()
    {
        await using var site = await FlashSite.StartAsync();
        site.Options.StallTime = TimeSpan.FromSeconds(1);
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        await site.Board.LogInAsync();
        await site.Board.BeginAsync("opt=set&type=flash&node=1&file=other.img&length=1000");

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);
        var (_, status) = await site.Board.GetAsync("opt=get&type=flash");

        Assert.Equal((FlashState.Failed, 0, true), (end.State, life.Board.Begun, end.Results[0].Powered));
        Assert.Contains("a transfer that was not begun here", end.Failure, StringComparison.Ordinal);
        Assert.Contains("Transferring", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_without_a_version_needs_words_to_know_it_by()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, version: "");

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => life.Desk.StartAsync(Order(image) with { ProofText = "" }, "alice", Token));

        Assert.Equal("proof_text", Assert.Single(error.Faults).Field);
    }

    [Fact]
    public async Task Slot_without_a_module_ends_as_it_was_with_usb_as_it_was()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var before = (site.Board.Board.Hardware.UsbPins, site.Board.Board.PoweredSlots);

        var flash = await life.Desk.StartAsync(Order(image, EmptySlot), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Failed, false), (end.State, end.Results[0].Powered));
        Assert.Contains("Nothing was written", end.Failure, StringComparison.Ordinal);
        Assert.StartsWith("The board finds no module in slot 4", life.Marks.RefusalOf(EmptySlot), StringComparison.Ordinal);
        Assert.Equal(before, (site.Board.Board.Hardware.UsbPins, site.Board.Board.PoweredSlots));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_slots_go_on_after_a_failure_only_if_asked(bool goesOn)
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);

        var flash = await life.Desk.StartAsync(Order(image, EmptySlot, Slot2) with { ContinueAfterFailure = goesOn }, "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal(FlashState.Failed, end.State);
        Assert.Equal("", life.Marks.RefusalOf(Slot2));
        Assert.Equal([FlashState.Failed, goesOn ? FlashState.Succeeded : FlashState.Preparing], end.Results.Select(result => result.State));
        Assert.Equal(!goesOn, end.Failure.Contains("Not begun: slot 2.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Slots_of_a_flash_are_kept_from_other_orders_until_their_turn_is_over()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var half = new SyncPoint();
        life.Board.OnRead = at => at >= 500_000 ? half.ReachAndWaitAsync(Token) : Task.CompletedTask;

        var flash = await life.Desk.StartAsync(Order(image, Slot1, Slot2), "alice", Token);
        await half.WaitAsync();
        var errors = new[] { Slot1, Slot2 }.Select(slot => Assert.Throws<BusyException>(() => life.Leases.Take(slot, "power off", "bob")).Message).ToList();
        var mark = life.Marks.Of(Slot1);
        half.Continue();
        await life.EndAsync(flash.Id);

        Assert.All(errors, error => Assert.Contains("is taken: flash by alice", error, StringComparison.Ordinal));
        Assert.Equal(SlotState.Flashing, mark!.State);
        Assert.Null(life.Marks.Of(Slot1));
        life.Leases.Take(Slot1, "power off", "bob").Dispose();
    }

    [Fact]
    public async Task Flash_of_a_slot_that_is_being_switched_is_refused_and_holds_no_other()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        using var lease = life.Leases.Take(Slot2, "restart", "bob");

        var error = await Assert.ThrowsAsync<BusyException>(() => life.Desk.StartAsync(Order(image, Slot1, Slot2), "alice", Token));

        Assert.Equal("SLOT_BUSY", error.Reason);
        Assert.Null(life.Desk.Active);
        life.Leases.Take(Slot1, "power off", "bob").Dispose();
    }

    [Fact]
    public async Task Image_of_a_flash_stays_while_it_is_written_and_as_the_last_good_one_afterwards()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var half = new SyncPoint();
        life.Board.OnRead = at => at >= 500_000 ? half.ReachAndWaitAsync(Token) : Task.CompletedTask;

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        await half.WaitAsync();
        var during = Assert.Throws<BusyException>(() => life.Use.CheckUnused(image, allowLastGood: true));
        half.Continue();
        await life.EndAsync(flash.Id);
        var after = Assert.Throws<BusyException>(() => life.Use.CheckUnused(image, allowLastGood: false));

        Assert.Equal(("IMAGE_IN_USE", "IMAGE_LAST_GOOD"), (during.Reason, after.Reason));
        life.Use.CheckUnused(image, allowLastGood: true);
    }

    private static async Task<(Flash? Flash, string Refusal)> StartedAsync(FlashLife life, FlashOrder order, string caller)
    {
        try
        {
            return (await life.Desk.StartAsync(order, caller, Token), "");
        }
        catch (BusyException error)
        {
            return (null, error.Reason);
        }
    }
}
