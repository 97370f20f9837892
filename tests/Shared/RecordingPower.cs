using System.Collections.Concurrent;
using Appliance.Hosting.Power;

namespace Appliance.Tests.Shared;

/// <summary>A machine that is never switched: it writes down what it was asked.</summary>
internal sealed class RecordingPower : IMachinePower
{
    private readonly ConcurrentQueue<string> _asked = new();

    public IReadOnlyList<string> Asked => [.. _asked];

    public Task RebootAsync(CancellationToken token) => NoteAsync("reboot");

    public Task ShutdownAsync(CancellationToken token) => NoteAsync("shutdown");

    private Task NoteAsync(string order)
    {
        _asked.Enqueue(order);
        return Task.CompletedTask;
    }
}
