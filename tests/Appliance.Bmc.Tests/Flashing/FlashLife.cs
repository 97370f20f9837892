using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Tests.Flashing;

/// <summary>One life of the program that flashes: all of its parts over a folder and a board that outlive it.</summary>
internal sealed class FlashLife : IAsyncDisposable
{
    private readonly ServiceProvider _parts;
    private readonly SlotRig _slots;
    private readonly FlashRun _run;

    private FlashLife(ServiceProvider parts, SlotRig slots, WatchedBoard board)
    {
        (_parts, _slots, Board) = (parts, slots, board);
        _run = parts.GetRequiredService<FlashRun>();
    }

    public WatchedBoard Board { get; }

    public FlashDesk Desk => _parts.GetRequiredService<FlashDesk>();

    public ImageLibrary Library => _parts.GetRequiredService<ImageLibrary>();

    public ImageUse Use => new(_parts.GetRequiredService<FlashJournal>());

    public SlotLeases Leases => _slots.Leases;

    public SlotMarks Marks => _slots.Marks;

    public DesiredPower Desired => _slots.Desired;

    public EventLog Events => _parts.GetRequiredService<EventLog>();

    public static async Task<FlashLife> StartAsync(FlashSite site)
    {
        var board = new WatchedBoard(site.Board.Client());
        var slots = new SlotRig(board, TimeProvider.System, site.Slots, site.Nodes);
        await slots.Monitor.RefreshAsync(TestContext.Current.CancellationToken);
        var parts = new ServiceCollection()
            .AddSingleton<IBoard>(board)
            .AddSingleton<INodeChannel>(site.Nodes)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Options.Create(site.Options))
            .AddSingleton(slots.Feed)
            .AddSingleton(slots.Marks)
            .AddSingleton(slots.Leases)
            .AddSingleton(slots.Consoles)
            .AddSingleton(slots.Switch)
            .AddSingleton(new SlotGuard(slots.Leases, Options.Create(site.Slots)))
            .AddSingleton(new EventLog(TimeProvider.System))
            .AddSingleton(provider => new FlashNews(provider.GetRequiredService<EventLog>(), audit: null))
            .AddSingleton(site.OpenLibrary())
            .AddSingleton(new FlashJournal(site.JournalPath, TimeProvider.System, NullLogger<FlashJournal>.Instance))
            .AddFlashParts()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        var life = new FlashLife(parts, slots, board);
        await life._run.StartAsync(TestContext.Current.CancellationToken);
        return life;
    }

    /// <summary>The end of a job, with every state of it that was seen.</summary>
    public async Task<(Flash End, IReadOnlyList<FlashState> States)> EndAsync(string id)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(TimeSpan.FromSeconds(60));
        List<FlashState> states = [];
        Flash? last = null;
        await foreach (var flash in Desk.WatchAsync(id, guard.Token))
        {
            if (states.Count == 0 || states[^1] != flash.State)
            {
                states.Add(flash.State);
            }

            last = flash;
        }

        return (last!, states);
    }

    /// <summary>Ends when the job is in that state.</summary>
    public async Task UntilAsync(string id, FlashState state)
    {
        await foreach (var flash in Desk.WatchAsync(id, TestContext.Current.CancellationToken))
        {
            if (flash.State == state)
            {
                return;
            }
        }

        Assert.Fail($"The flash ended without having been {state}.");
    }

    public async ValueTask DisposeAsync()
    {
        var stopped = _run.StopAsync(CancellationToken.None);
        Board.Dispose();
        await stopped;
        _slots.Dispose();
        await _parts.DisposeAsync();
    }
}
