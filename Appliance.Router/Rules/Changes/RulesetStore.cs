using System.Threading.Channels;
using Appliance.Hosting.Errors;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Rules.Changes;

/// <summary>Which policy is in force, which were, and when the present one goes back unless somebody confirms it.</summary>
/// <remarks>
/// What is about to change is on disk before the firewall is touched, and the firewall goes back before the disk says so. Killed
/// between any two steps, the next start finds either nothing to do or an unconfirmed ruleset with its deadline.
/// </remarks>
internal sealed class RulesetStore(RulesetTable table, Candidate candidate, PolicyForce force, DefaultPolicy fallback, TimeProvider clock) : IDisposable
{
    private const string Self = "router";

    private readonly SemaphoreSlim _turn = new(1, 1);

    // One pending wake-up says all: the clock looks at the deadline as it is then.
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private PendingRuleset? _pending;

    /// <summary>Decides what is to be in force after a start, before it is.</summary>
    public void Recover()
    {
        var pending = table.FindPending();
        if (pending is not null && (!table.IsOfThisBoot(pending) || clock.GetUtcNow() >= pending.Deadline))
        {
            table.Revert(pending, isToBeTold: true);
            pending = null;
        }

        var active = pending is null ? InstallDefault() : table.FindActive()!;
        force.Intend((pending ?? active).Policy);
        force.KeepIfOther(active);
        Await(pending);
    }

    /// <summary>Newest first, those before a sequence number.</summary>
    public IReadOnlyList<Ruleset> List(long beforeSequence, int count) => table.List(beforeSequence, count);

    public Ruleset Find(string id) => table.Find(id) ?? throw new NotFoundException("ruleset", id);

    /// <summary>Brings the candidate into force, or tries it out; the text is the rendered one.</summary>
    public Task<(Ruleset Ruleset, string Text)> ApplyAsync(RulesetRequest request, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            request.Demand();
            return FindRepeated(request) is { } first ? (first, force.TextOf(first.Policy)) : await BeginAsync(candidate.Demand(request.Etag).Policy, request, cancellationToken);
        },
        cancellationToken);

    /// <summary>Makes the ruleset in force stay, if the caller's connection was accepted under it.</summary>
    public Task<Ruleset> ConfirmAsync(string id, long acceptTimestamp, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var asked = Find(id);
            if (_pending is not { } pending || pending.Ruleset.Id != id)
            {
                return asked.State == RulesetState.Active ? asked : throw NotAwaiting(asked);
            }

            if (pending.IsDue(clock))
            {
                await RevertAsync(pending.Ruleset, isToBeTold: true);
                throw NotAwaiting(Find(id));
            }

            if (!force.IsBrought)
            {
                throw new BusyException("NOT_IN_FORCE", $"The firewall has not taken ruleset '{id}', so reaching the gateway proves nothing; see the health of part '{RulesetKeeper.Part}'.");
            }

            if (acceptTimestamp <= pending.InForceSince)
            {
                throw new BusyException(
                    "OLD_CONNECTION",
                    $"The connection of this call is older than ruleset '{id}', so it does not show that a new one gets through; open another connection and confirm on that, before {pending.Ruleset.Deadline:HH:mm:ss} UTC.");
            }

            table.Confirm(pending.Ruleset);
            Await(null);
            var confirmed = Find(id);
            force.Keep(confirmed);
            return confirmed;
        },
        cancellationToken);

    /// <summary>Brings an earlier policy into force; empty means the one before. One that awaits its confirmation is taken back at once.</summary>
    public Task<Ruleset> RollBackAsync(string id, RulesetRequest request, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            request.Demand();
            var active = table.FindActive();
            if (_pending is { } pending && (id.Length == 0 || id == active?.Id))
            {
                await RevertAsync(pending.Ruleset, isToBeTold: false);
                return active!;
            }

            var wanted = id.Length > 0 ? Find(id) : table.FindSuperseded()
                ?? throw new BusyException("NO_EARLIER_RULESET", "No ruleset was in force before the present one, so there is none to go back to.");
            return (await BeginAsync(wanted.Policy, request, cancellationToken)).Ruleset;
        },
        cancellationToken);

    /// <summary>Takes back what nobody confirmed in time.</summary>
    public Task RevertDueAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (_pending is { } pending && pending.IsDue(clock))
            {
                await RevertAsync(pending.Ruleset, isToBeTold: true);
            }

            return true;
        },
        cancellationToken);

    /// <summary>What the Router took back by itself and has not yet told.</summary>
    public IReadOnlyList<Ruleset> ReadUntold() => table.ReadUntold();

    public void MarkTold(Ruleset ruleset) => table.MarkTold(ruleset);

    /// <summary>Waits until the deadline, or until something changed that may be due sooner.</summary>
    public async Task WaitForDueAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var due = Task.Delay(Volatile.Read(ref _pending)?.TimeToDue(clock) ?? Timeout.InfiniteTimeSpan, clock, either.Token);
        var changed = _changed.Reader.ReadAsync(either.Token).AsTask();
        await Task.WhenAny(due, changed);
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _turn.Dispose();

    private static BusyException NotAwaiting(Ruleset ruleset) => new(
        "NOT_AWAITING_CONFIRMATION",
        ruleset.State == RulesetState.Reverted
            ? $"Ruleset '{ruleset.Id}' was taken back at {ruleset.Deadline:HH:mm:ss} UTC, before it was confirmed; apply again, with a longer confirm_within."
            : $"Ruleset '{ruleset.Id}' is no longer in force; another one took its place.");

    private Ruleset? FindRepeated(RulesetRequest request) =>
        request is { RequestId.Length: > 0, IsTrial: false } ? table.FindRequest(request.Creator, request.RequestId) : null;

    private async Task<(Ruleset Ruleset, string Text)> BeginAsync(FirewallPolicy policy, RulesetRequest request, CancellationToken cancellationToken)
    {
        if (!request.IsTrial && _pending is { } pending)
        {
            throw new BusyException(
                "AWAITING_CONFIRMATION",
                $"Ruleset '{pending.Ruleset.Id}' of {pending.Ruleset.Creator} awaits its confirmation until {pending.Ruleset.Deadline:HH:mm:ss} UTC; confirm it, take it back with RollbackRuleset, or wait.");
        }

        force.Demand(policy);
        await force.TryOutAsync(policy, cancellationToken);
        var now = clock.GetUtcNow();
        var (draft, text) = force.Draft(policy, request, now);
        if (request.IsTrial)
        {
            return (draft, text);
        }

        var ruleset = draft with { Id = Guid.CreateVersion7(now).ToString("N"), State = RulesetState.Confirming };
        table.Begin(ruleset, request.RequestId);
        Await(ruleset);
        try
        {
            await force.BringAsync(policy);
        }
        catch
        {
            await TakeBackAsync(ruleset);
            throw;
        }

        Await(ruleset);
        return (ruleset, text);
    }

    // The firewall said no, or nothing at all: it may hold either. When it can't be told to hold the old one now, it is tried until it can.
    private async Task TakeBackAsync(Ruleset ruleset)
    {
        Volatile.Write(ref _pending, PendingRuleset.Begin(ruleset, clock) with { IsDoubtful = true });
        await force.RepeatAsync();
        table.Withdraw(ruleset);
        Await(null);
    }

    private async Task RevertAsync(Ruleset ruleset, bool isToBeTold)
    {
        var active = table.FindActive()!.Policy;
        try
        {
            await force.BringAsync(active);
        }
        catch
        {
            // Whoever puts the whole in force next puts this in force; the deadline stays passed, so it is tried again.
            force.Intend(active);
            throw;
        }

        table.Revert(ruleset, isToBeTold);
        Await(null);
    }

    private void Await(Ruleset? ruleset)
    {
        Volatile.Write(ref _pending, ruleset is null ? null : PendingRuleset.Begin(ruleset, clock));
        force.Show(ruleset);
        _changed.Writer.TryWrite(true);
    }

    private Ruleset InstallDefault()
    {
        var active = table.FindActive();
        // The database may have been lost; what was confirmed last lies beside it.
        var wanted = active is null && force.FindKept() is { } kept
            ? (Policy: kept, Reason: "Confirmed before the database was lost.", IsDefault: false)
            : (fallback.Policy, Reason: $"The default policy '{fallback.Name}'.", IsDefault: true);
        if (active is not null && (!active.IsDefault || active.PolicyText == PolicyWire.ToJson(wanted.Policy)))
        {
            return active;
        }

        force.Intend(active?.Policy ?? FirewallPolicy.Open);
        var now = clock.GetUtcNow();
        var draft = force.Draft(wanted.Policy, new RulesetRequest(Self, wanted.Reason, TimeSpan.Zero), now).Ruleset;
        table.Install(draft with { Id = Guid.CreateVersion7(now).ToString("N"), State = RulesetState.Active, IsDefault = wanted.IsDefault });
        return table.FindActive()!;
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
