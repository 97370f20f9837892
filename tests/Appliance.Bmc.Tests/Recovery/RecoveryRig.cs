using System.Security.Cryptography;
using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;
using Appliance.Bmc.Recovery;
using Appliance.Bmc.Slots;
using Appliance.Bmc.Tests.Images;
using Appliance.Hosting;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Recovery;

/// <summary>Recovery over a simulated board with nodes behind it, and a role's own audit; its clock is the test's.</summary>
internal sealed class RecoveryRig : IAsyncDisposable
{
    public static readonly SlotNumber Slot1 = SlotNumber.All[0];
    public static readonly SlotNumber Slot2 = SlotNumber.All[1];

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly TestSite _site;
    private readonly TempFolder _folder = new();
    private readonly WebApplication _role;
    private ServiceProvider _parts;
    private SlotRig _slots;

    private RecoveryRig(FakeTimeProvider clock, TestBoard board, HangingNodes nodes, TestSite site, WebApplication role, SlotOptions slots)
    {
        (Clock, Board, Nodes, _site, _role, Slots) = (clock, board, nodes, site, role, slots);
        (_slots, _parts) = Build();
    }

    public TestBoard Board { get; }

    public HangingNodes Nodes { get; }

    public SlotOptions Slots { get; }

    public FakeTimeProvider Clock { get; }

    public RecoveryOptions Options { get; } = new();

    public RecoveryJournal Journal => _parts.GetRequiredService<RecoveryJournal>();

    public RecoveryLedger Ledger => _parts.GetRequiredService<RecoveryLedger>();

    public ImageLibrary Library => _parts.GetRequiredService<ImageLibrary>();

    public FlashDesk Desk => _parts.GetRequiredService<FlashDesk>();

    public SlotRig Rig => _slots;

    public string JournalPath => Path.Combine(_folder.Path, RecoveryJournal.FileName);

    /// <summary>Entries of the audit that recovery made, as "action subject".</summary>
    public IReadOnlyList<string> Audit => [.. Events.Where(told => told.Audit is not null).Select(told => $"{told.Audit!.Action} {told.Audit.Subject}").Where(line => line.Contains("slot_number", StringComparison.Ordinal))];

    public IReadOnlyList<string> Told => [.. Events.Where(told => told.Part == RecoveryNews.Part).Select(told => $"{told.Severity} {told.Text}")];

    private IReadOnlyList<NodeEvent> Events => _role.Services.GetRequiredService<EventLog>().After("", 0).Events;

    /// <summary>Slots 1 and 2 are on, with nodes that are well.</summary>
    public static async Task<RecoveryRig> StartAsync(Action<SlotOptions>? with = null)
    {
        var nodes = new HangingNodes();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var board = await TestBoard.StartAsync(clock, with: options => options with { StoredPower = 0b0011, OnBoot = nodes.Boot, OnPowerOff = nodes.Fall });
        nodes.Run(Slot1);
        nodes.Run(Slot2);
        nodes.Done.Clear();
        var slots = new SlotOptions { Slot1 = Label("router"), Slot2 = Label("logger") };
        with?.Invoke(slots);
        var site = new TestSite();
        var rig = new RecoveryRig(clock, board, nodes, site, await RoleAsync(site), slots);
        await rig.BeginAsync();
        return rig;
    }

    /// <summary>Goes on, look by look, for as long.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (var end = Clock.GetUtcNow() + time; Clock.GetUtcNow() < end;)
        {
            await LookAsync();
        }
    }

    /// <summary>Goes on, look by look, until it is so.</summary>
    public async Task PassUntilAsync(Func<bool> isSo, TimeSpan limit)
    {
        var end = Clock.GetUtcNow() + limit;
        while (!isSo())
        {
            Assert.True(Clock.GetUtcNow() < end, $"Not so within {limit}; slots: {string.Join(" | ", SlotNumber.All.Select(Ledger.TextOf))}; done: {string.Join(", ", Nodes.Done)}");
            await LookAsync();
        }
    }

    /// <summary>One look of everything that looks again and again; between is done when the slots were seen and recovery has not looked yet.</summary>
    public async Task LookAsync(Action? between = null)
    {
        Clock.Advance(Look);
        await _slots.Nodes.AskAllAsync(TestContext.Current.CancellationToken);
        await _slots.Monitor.ObserveAsync(TestContext.Current.CancellationToken);
        between?.Invoke();
        var look = _parts.GetRequiredService<RecoveryRounds>().LookAsync(TestContext.Current.CancellationToken);
        await Clocks.AdvanceUntilAsync(Clock, Moment, () => look.IsCompleted);
        await look;
    }

    /// <summary>The role ends, and starts anew over what was on disk; which slots are meant to be on is among that.</summary>
    public async Task RestartAsync()
    {
        var desired = SlotNumber.All.Select(slot => (slot, On: _slots.Desired.Of(slot))).ToList();
        await EndAsync();
        (_slots, _parts) = Build();
        desired.ForEach(one => _slots.Desired.Set(one.slot, one.On == true));
        await BeginAsync();
    }

    /// <summary>Cuts the slot as the first half of a power cycle does: it is still meant to be on.</summary>
    public Task CutAsync(SlotNumber slot) => Client().SetPowerAsync(slot, false, TestContext.Current.CancellationToken);

    /// <summary>Flashes an image to a slot, so that it is the last good one there.</summary>
    public async Task FlashAsync(SlotNumber slot)
    {
        var bytes = RandomNumberGenerator.GetBytes(100_000);
        System.Text.Encoding.ASCII.GetBytes("APPLIANCE-IMAGE 1.2.3 logger node2\n").CopyTo(bytes, 512);
        await using var upload = Library.Begin(new ImageHeader("disk.img", "1.2.3", "", 0, 0), TimeProvider.System);
        await LibraryRig.AppendAsync(upload, bytes);
        var image = await upload.FinishAsync(SHA256.HashData(bytes), TestContext.Current.CancellationToken);
        await LookAsync();
        var flash = await Desk.StartAsync(new FlashOrder([slot], image.Id, "") { AllowCritical = true }, "spiffe://home/admin/alice", TestContext.Current.CancellationToken);
        await Clocks.AdvanceUntilAsync(Clock, Moment, () => Desk.Find(flash.Id).HasEnded);
        Assert.Equal((FlashState.Succeeded, ""), (Desk.Find(flash.Id).State, Desk.Find(flash.Id).Failure));
        Nodes.Done.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _site.DisposeAsync();
        await Board.DisposeAsync();
        _folder.Dispose();
    }

    private static SlotLabel Label(string role) => new() { Name = role, Module = "cm4", Node = "192.0.2.1", Roles = [role] };

    // Only what every role has: its audit, its events, its health.
    private static Task<WebApplication> RoleAsync(TestSite site) => site.StartAsync(Role.Bmc, _ => { }, _ => { });

    private static IOptions<T> Bound<T>(T options)
        where T : class => Microsoft.Extensions.Options.Options.Create(options);

    private (SlotRig Slots, ServiceProvider Parts) Build()
    {
        var board = Client();
        var slots = new SlotRig(board, Clock, Slots, Nodes);
        var parts = new ServiceCollection()
            .AddSingleton<IBoard>(board)
            .AddSingleton<INodeChannel>(Nodes)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(Bound(Options))
            .AddSingleton(Bound(Slots))
            .AddSingleton(Bound(new FlashOptions { RestTime = TimeSpan.Zero, MaxAttempts = 1 }))
            .AddSingleton(slots.Feed)
            .AddSingleton(slots.Marks)
            .AddSingleton(slots.Leases)
            .AddSingleton(slots.Switch)
            .AddSingleton(slots.Monitor)
            .AddSingleton(slots.Consoles)
            .AddSingleton(slots.Daemon)
            .AddSingleton(slots.Nodes)
            .AddSingleton(slots.Control)
            .AddSingleton(slots.Health)
            .AddSingleton(new SlotGuard(slots.Leases, Bound(Slots)))
            .AddSingleton(_role.Services.GetRequiredService<EventLog>())
            .AddSingleton(_role.Services.GetRequiredService<AuditLog>())
            .AddSingleton(new RunningRole(Role.Bmc))
            .AddMetrics()
            .AddSingleton(provider => new FlashNews(provider.GetRequiredService<EventLog>(), audit: null))
            .AddSingleton(new ImageLibrary(_folder.File("images"), new ImageOptions { ReservedBytes = 0 }, NullLogger<ImageLibrary>.Instance))
            .AddSingleton(new FlashJournal(_folder.File("flashes.json"), Clock, NullLogger<FlashJournal>.Instance))
            .AddFlashParts()
            .AddSingleton(new RecoveryJournal(_folder.Path, NullLogger<RecoveryJournal>.Instance))
            .AddSingleton<NodeFileRenewer>((used, _) => Task.FromResult(used))
            .AddRecoveryParts()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        return (slots, parts);
    }

    private async Task BeginAsync()
    {
        Ledger.Restore();
        await _parts.GetRequiredService<FlashRun>().StartAsync(TestContext.Current.CancellationToken);
    }

    // Its calls take real time over a real socket, however fast the test's clock runs.
    private TuringPiBoard Client()
    {
        var real = TimeProvider.System;
        var target = new BoardTarget(new BoardEndpoint(Board.Board.Address, Board.Board.Fingerprint, BoardCredential.Known("root", TestBoard.Password), Simulated: true) { AllowDefaultPassword = true });
        return new TuringPiBoard(Board.Own(new BoardSession(target, new BoardNotices(new HealthBoard(real), new EventLog(real)), real, NullLogger<BoardSession>.Instance)));
    }

    private async Task EndAsync()
    {
        await _parts.GetRequiredService<FlashRun>().StopAsync(CancellationToken.None);
        await _parts.DisposeAsync();
        _slots.Dispose();
    }
}
