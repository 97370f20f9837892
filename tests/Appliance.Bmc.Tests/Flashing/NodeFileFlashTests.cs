using System.Runtime.Versioning;
using System.Security.Cryptography;
using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.NodeFiles;
using Appliance.Bmc.Recovery;
using Appliance.Bmc.Tests.NodeFiles;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using static Appliance.Bmc.Tests.Flashing.FlashSite;

namespace Appliance.Bmc.Tests.Flashing;

[SupportedOSPlatform("linux")]
public sealed class NodeFileFlashTests : IDisposable
{
    private readonly SiteNodeFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slot_gets_the_image_with_its_node_file_and_is_proved_as_that_node()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);

        var flash = await life.Desk.StartAsync(With(Order(image), (Slot1, "router")), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Succeeded, "router"), (end.State, end.Results[0].Node));
        Assert.Equal("Its console shows 'appliance: image 1.2.3, role router, node router'.", end.Results[0].Proof);
        Assert.Equal(await DigestAsync(disk.Labelled(), "router"), site.Board.Board.Content(1)!.Sha256);
    }

    [Fact]
    public async Task Node_file_is_kept_for_the_role_alone_and_only_until_its_slot_is_written()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);
        var cut = new SyncPoint();
        life.Board.OnRead = at => at > 0 && at < 200_000 ? cut.ReachAndWaitAsync(Token) : Task.CompletedTask;

        var flash = await life.Desk.StartAsync(With(Order(image), (Slot1, "router")) with { ProofText = "never printed" }, "alice", Token);
        await cut.WaitAsync();
        var kept = Assert.Single(site.NodeFiles);
        var (mode, text) = (File.GetUnixFileMode(kept), await File.ReadAllTextAsync(kept, Token));
        life.Board.OnRead = _ => Task.CompletedTask;
        cut.Continue();
        await life.UntilAsync(flash.Id, FlashState.Proving);

        Assert.Equal((UnixFileMode.UserRead | UnixFileMode.UserWrite, true), (mode, text.Contains(SiteNodeFiles.Secret, StringComparison.Ordinal)));
        Assert.Empty(site.NodeFiles);
        Assert.DoesNotContain(SiteNodeFiles.Secret, await File.ReadAllTextAsync(site.JournalPath, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_while_writing_the_next_life_lays_the_same_node_file_over()
    {
        await using var site = await FlashSite.StartAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var cut = new SyncPoint();
        string id;
        await using (var killed = await site.LiveAsync())
        {
            var image = await AddAsync(killed, disk.Labelled(), DiskImage.Version);
            killed.Board.OnRead = at => at > 3_000_000 ? cut.ReachAndWaitAsync(Token) : Task.CompletedTask;
            id = (await killed.Desk.StartAsync(With(Order(image), (Slot1, "router")), "alice", Token)).Id;
            await cut.WaitAsync();
            killed.Board.Kill();
        }

        await using var next = await site.LiveAsync();
        var (end, _) = await next.EndAsync(id);

        Assert.Equal((FlashState.Succeeded, 2), (end.State, end.Results[0].Attempts));
        Assert.Equal(await DigestAsync(disk.Labelled(), "router"), site.Board.Board.Content(1)!.Sha256);
        Assert.Empty(site.NodeFiles);
    }

    [Fact]
    public async Task Each_slot_gets_its_own()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);

        var order = With(Order(image, Slot1, Slot2), (Slot1, "router"), (Slot2, "logger")) with { ProofText = Booted };
        var (end, _) = await life.EndAsync((await life.Desk.StartAsync(order, "alice", Token)).Id);

        Assert.Equal(FlashState.Succeeded, end.State);
        Assert.Equal(await DigestAsync(disk.Labelled(), "router"), site.Board.Board.Content(1)!.Sha256);
        Assert.Equal(await DigestAsync(disk.Labelled(), "logger"), site.Board.Board.Content(2)!.Sha256);
    }

    [Fact]
    public async Task Image_that_comes_up_as_another_node_is_no_proof()
    {
        await using var site = await FlashSite.StartAsync();
        site.Options.ProofTime = TimeSpan.Zero;
        await using var life = await site.LiveAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);

        var (end, _) = await life.EndAsync((await life.Desk.StartAsync(With(Order(image), (Slot1, "route")), "alice", Token)).Id);

        Assert.Equal(FlashState.Failed, end.State);
        Assert.Contains("that it runs 1.2.3 as node route: ", end.Results[0].Failure, StringComparison.Ordinal);
        Assert.Contains("node router", end.Results[0].Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_flash_forgets_it()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);
        var cut = new SyncPoint();
        life.Board.OnRead = at => at > 0 ? cut.ReachAndWaitAsync(Token) : Task.CompletedTask;
        var flash = await life.Desk.StartAsync(With(Order(image, Slot1, Slot2), (Slot1, "router"), (Slot2, "logger")), "alice", Token);
        await cut.WaitAsync();
        var before = site.NodeFiles.Count;

        var cancelling = life.Desk.CancelAsync(flash.Id, Token);
        cut.Continue();
        await cancelling;

        Assert.Equal((2, 0), (before, site.NodeFiles.Count));
    }

    [Fact]
    public async Task Image_without_a_place_is_refused_before_anything_is_touched()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);

        var error = await Assert.ThrowsAsync<BusyException>(() => life.Desk.StartAsync(With(Order(image), (Slot1, "router")), "alice", Token));

        Assert.Equal("IMAGE_TAKES_NO_NODE_FILE", error.Reason);
        Assert.Empty(site.NodeFiles);
        Assert.Equal(0b0001, site.Board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Recovery_flashes_a_node_again_with_its_file_and_fresh_tokens()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);
        var (first, fresh) = (_files.Logger("log"), _files.Logger("log"));
        await life.EndAsync((await life.Desk.StartAsync(Order(image) with { ProofText = Booted, NodeFiles = new Dictionary<SlotNumber, NodeFileContent> { [Slot1] = first } }, "alice", Token)).Id);
        List<NodeFileContent> used = [];
        var reflash = new DeskReflash(life.Desk, (file, _) =>
        {
            used.Add(file);
            return Task.FromResult(fresh);
        });

        var good = reflash.LastGood(Slot1);
        var failure = await reflash.ReflashAsync(Slot1, "recovery", Token);

        Assert.Equal((image.Id, ""), (good, failure));
        Assert.Equal(first.Json, Assert.Single(used).Json);
        await using var laid = await NodeFileOverlay.OpenAsync(new MemoryStream(disk.Labelled()), fresh, Token);
        Assert.Equal(Convert.ToHexStringLower(await SHA256.HashDataAsync(laid, Token)), site.Board.Board.Content(1)!.Sha256);
        Assert.Equal(fresh.Json, life.Desk.UsedNodeFile(Slot1)!.Json);
    }

    [Fact]
    public async Task Slot_that_is_flashed_without_a_node_file_afterwards_keeps_none()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);
        await life.EndAsync((await life.Desk.StartAsync(Order(image) with { ProofText = Booted, NodeFiles = new Dictionary<SlotNumber, NodeFileContent> { [Slot1] = _files.Logger("log") } }, "alice", Token)).Id);
        var kept = site.NodeFiles.Select(path => File.GetUnixFileMode(path)).ToList();

        await life.EndAsync((await life.Desk.StartAsync(Order(image), "alice", Token)).Id);

        Assert.Equal([UnixFileMode.UserRead | UnixFileMode.UserWrite], kept);
        Assert.Empty(site.NodeFiles);
    }

    [Fact]
    public async Task Recovery_does_not_write_the_image_without_its_node_file()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        using var disk = await DiskImage.WithPlaceholderAsync();
        var image = await AddAsync(life, disk.Labelled(), DiskImage.Version);
        await life.EndAsync((await life.Desk.StartAsync(With(Order(image, Slot1, Slot2), (Slot1, "router")), "alice", Token)).Id);

        var reflash = new DeskReflash(life.Desk, (_, _) => throw new InvalidOperationException("There is none to renew."));

        Assert.Equal((null, image.Id), (reflash.LastGood(Slot1), reflash.LastGood(Slot2)));
    }

    public void Dispose() => _files.Dispose();

    private FlashOrder With(FlashOrder order, params (SlotNumber Slot, string Node)[] files) =>
        order with { NodeFiles = files.ToDictionary(file => file.Slot, file => _files.Content(file.Node)) };

    private async Task<string> DigestAsync(byte[] image, string node)
    {
        await using var laid = await NodeFileOverlay.OpenAsync(new MemoryStream(image), _files.Content(node), Token);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(laid, Token));
    }
}
