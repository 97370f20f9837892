using System.Runtime.CompilerServices;

namespace Appliance.Hosting.Health;

/// <summary>The last known state of each part of the role; what health checks and watchers are told.</summary>
public sealed class HealthBoard(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (PartHealth Health, long Version)> _parts = new(StringComparer.Ordinal);
    private long _version;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>All parts, by name.</summary>
    public IReadOnlyList<PartHealth> Snapshot => Since(0).Parts;

    /// <summary>Sets the state of a part; saying the same again changes nothing.</summary>
    public void Report(string part, PartState state, string text)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_parts.TryGetValue(part, out var known) && known.Health.State == state && known.Health.Text == text)
            {
                return;
            }

            _parts[part] = (new PartHealth(part, state, text, clock.GetUtcNow()), ++_version);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    /// <summary>All parts as they are, then every change. A slow reader gets the last state of each part and skips those between.</summary>
    public async IAsyncEnumerable<PartHealth> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = 0L;
        while (true)
        {
            var (parts, version, changed) = Since(seen);
            foreach (var part in parts)
            {
                yield return part;
            }

            seen = version;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private (IReadOnlyList<PartHealth> Parts, long Version, Task Changed) Since(long version)
    {
        lock (_gate)
        {
            var parts = _parts.Values.Where(part => part.Version > version).Select(part => part.Health).OrderBy(part => part.Part, StringComparer.Ordinal);
            return ([.. parts], _version, _changed.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
