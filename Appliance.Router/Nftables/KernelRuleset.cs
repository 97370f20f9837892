using System.ComponentModel;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;

namespace Appliance.Router.Nftables;

/// <summary>What the kernel has of the ruleset, looked at over sockets of its own, so that no block waits for it.</summary>
internal sealed class KernelRuleset : IKernelRuleset, IDisposable
{
    private readonly KeptTable _kept;
    private readonly BlockElements _blocks;
    private readonly RuleCounters _counters;
    private readonly TimeProvider _clock;
    private readonly ChangeSignal _signal;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;

    public KernelRuleset(KeptTable kept, KernelSets sets, RuleCounters counters, KernelPlace place, TimeProvider clock)
    {
        _kept = kept;
        _blocks = new BlockElements(sets);
        _counters = counters;
        _clock = clock;
        _signal = new ChangeSignal(clock);
        _listening = Listen(place);
    }

    public Task WaitAsync(TimeSpan patience, CancellationToken token) => _signal.WaitAsync(patience, token);

    public IReadOnlyList<ForeignChange> TakeChanges() => _signal.Take();

    public async Task<RulesetLook> LookAsync(IReadOnlyList<Block> blocks, IReadOnlyList<ForeignChange> changes, CancellationToken token)
    {
        var table = await _kept.CompareAsync(_signal.Applied, changes, token);
        if (table.IsTableMissing || table.Wanted == 0)
        {
            return table;
        }

        try
        {
            var elements = _blocks.Compare(blocks, _clock.GetUtcNow());
            return table with
            {
                Wanted = table.Wanted + elements.Wanted,
                Present = table.Present + elements.Present,
                Missing = elements.Missing,
                Strays = elements.Strays,
            };
        }
        catch (KernelRefusedException error) when (error.Fault == KernelFault.SetMissing)
        {
            return table with { Wanted = table.Wanted + blocks.Count, ChangedSets = [.. table.ChangedSets, "a set of blocks"] };
        }
    }

    public void TakeOut(IReadOnlyList<StrayElement> strays) => _blocks.TakeOut(strays);

    public IReadOnlyList<RuleCount> ReadRules() => _counters.Read();

    public void Dispose()
    {
        if (_listening.IsCompleted)
        {
            return;
        }

        _stop.Cancel();
        // A second at most: its socket must outlive the last read.
        _listening.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    // On a thread of its own, since it waits in the kernel.
    private Task Listen(KernelPlace place)
    {
        var events = new RulesetEvents(place.OpenNetlink(), place.Own, _signal, place.FeedChanges);
        return Task.Factory.StartNew(
            () =>
            {
                using (events)
                {
                    Follow(events);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private void Follow(RulesetEvents events)
    {
        try
        {
            events.Run(_stop.Token);
        }
        catch (Win32Exception)
        {
            // From here on the slow look alone finds what others change.
            _signal.Tell(ForeignChange.Unheard);
        }
    }
}
