using Appliance.Bmc.Board;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Bmc.Tests.Board;

/// <summary>A client with what it tells health and events.</summary>
internal sealed class ClientRig : IDisposable
{
    private readonly BoardSession _session;
    private readonly EventLog _events;

    public ClientRig(BoardEndpoint endpoint, TimeProvider clock)
    {
        Health = new HealthBoard(clock);
        _events = new EventLog(clock);
        _session = new BoardSession(new BoardTarget(endpoint), new BoardNotices(Health, _events), clock, NullLogger<BoardSession>.Instance);
        Board = new TuringPiBoard(_session);
    }

    public IBoard Board { get; }

    public HealthBoard Health { get; }

    public PartHealth Trust => Health.Snapshot.Single(part => part.Part == BoardNotices.Part);

    public IReadOnlyList<string> Told => [.. _events.After("", 0).Events.Select(told => $"{told.Severity} {told.Text}")];

    public void Dispose() => _session.Dispose();
}
