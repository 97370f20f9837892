using System.Diagnostics.Metrics;
using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Tests;

/// <summary>What the role makes of a board: monitor, feed and control, put together as it does.</summary>
internal sealed class SlotRig : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public SlotRig(IBoard board, TimeProvider clock, SlotOptions? options = null, INodeChannel? nodes = null)
    {
        var bound = Options.Create(options ?? new SlotOptions());
        Health = new HealthBoard(clock);
        Feed = new SlotFeed(bound, _metrics.GetRequiredService<IMeterFactory>(), new RunningRole(Role.Bmc));
        var channel = nodes ?? new PretendNodes();
        Marks = new SlotMarks(clock);
        Nodes = new NodeMonitor(channel, bound, clock);
        Desired = new DesiredPower(_folder.Path, NullLogger<DesiredPower>.Instance);
        Leases = new SlotLeases();
        Events = new EventLog(clock);
        var drift = new DriftWatch(Health, Events, Leases, Marks, clock);
        Daemon = new DaemonWatch(Marks, Events, clock);
        Monitor = new SlotMonitor(
            new SlotReader(board, new SlotViews(Nodes, Marks, Desired, bound, clock), Marks, drift, Daemon), Feed, new BoardHealth(Health, NullLogger<BoardHealth>.Instance), bound, clock);
        var guard = new SlotGuard(Leases, bound);
        Consoles = new ConsoleHub(board, Monitor, Marks, bound, clock);
        Usb = new UsbControl(board, Monitor, guard, Marks, NullLogger<UsbControl>.Instance);
        var pauses = new SlotPauses(clock, Lifetime);
        Switch = new PowerSwitch(board, Desired, Marks, pauses, NullLogger<PowerSwitch>.Instance);
        Control = new SlotControl(
            guard, new NodeShutdown(channel, guard, pauses, bound, NullLogger<NodeShutdown>.Instance), Switch, Monitor, NullLogger<SlotControl>.Instance);
        Sequence = new SlotSequence(new SlotPlan(bound), Control, new SlotGate(channel, Nodes, Consoles, bound, pauses), guard, Monitor);
    }

    public ApplicationLifetime Lifetime { get; } = new(NullLogger<ApplicationLifetime>.Instance);

    public HealthBoard Health { get; }

    public EventLog Events { get; }

    /// <summary>Texts of the events told so far.</summary>
    public IReadOnlyList<string> Told => [.. Events.After("", 0).Events.Select(told => told.Text)];

    public DaemonWatch Daemon { get; }

    public SlotMarks Marks { get; }

    public NodeMonitor Nodes { get; }

    public DesiredPower Desired { get; }

    public SlotLeases Leases { get; }

    public PowerSwitch Switch { get; }

    public ConsoleHub Consoles { get; }

    public SlotSequence Sequence { get; }

    public UsbControl Usb { get; }

    public SlotFeed Feed { get; }

    public SlotMonitor Monitor { get; }

    public SlotControl Control { get; }

    public PartHealth? BoardPart => Health.Snapshot.SingleOrDefault(part => part.Part == BoardHealth.Part);

    public void Dispose()
    {
        Monitor.Dispose();
        Nodes.Dispose();
        Consoles.Dispose();
        _metrics.Dispose();
        _folder.Dispose();
    }
}
