using System.Threading.Channels;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules;

/// <summary>What is blocked: in the kernel first, on disk before the caller hears of it, and gone from both at its end.</summary>
internal sealed partial class BlockStore(BlockEnforcer enforcer, BlockTable table, BlockAdmission admission, TimeProvider clock, ILogger<BlockStore> logger) : IDisposable
{
    private readonly BlockBook _book = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    // One pending wake-up says all: the expiry loop looks at everything that is due.
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Standing blocks, oldest first.</summary>
    public IReadOnlyList<Block> All => _book.All;

    /// <summary>What is in force besides blocks.</summary>
    public RulesetIntent Intent => enforcer.Intent;

    public BlockWatch Watch() => _book.Watch();

    /// <summary>Takes up the blocks that an earlier run left and puts the whole ruleset in force.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _book.Put(table.ReadLive());
            End(_book.All.Where(IsDue).ToList(), EndCause.Expired);
            End(_book.All.Where(block => admission.IsProtected(block.Target)).ToList(), EndCause.Protected);
            await enforcer.ApplyAsync(_book.All, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Lifts blocks of what is protected now and makes the kernel hold exactly what it should.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            End(_book.All.Where(block => admission.IsProtected(block.Target)).ToList(), EndCause.Protected);
            await enforcer.ApplyAsync(_book.All, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Changes what is intended besides blocks, and puts it in force; a firewall that refuses keeps the old one, and the intent goes back too.</summary>
    public async Task RestateAsync(Func<FirewallState, FirewallState> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var before = enforcer.Intent.Change(change);
            try
            {
                await enforcer.ApplyAsync(_book.All, cancellationToken);
            }
            catch
            {
                enforcer.Intent.Change(_ => before);
                throw;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs something in a turn of its own: nobody else changes what stands, or what the kernel has of it, meanwhile.</summary>
    public async Task<T> InTurnAsync<T>(Func<IReadOnlyList<Block>, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await action(_book.All, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<Block> CreateAsync(BlockRequest request, CancellationToken cancellationToken)
    {
        var outcomes = await CreateAllAsync([request], cancellationToken);
        return outcomes[0].Block ?? throw outcomes[0].Refusal!;
    }

    /// <summary>Carries out what may be carried out, in one kernel transaction; each request has its own outcome.</summary>
    public async Task<IReadOnlyList<BlockOutcome>> CreateAllAsync(IReadOnlyList<BlockRequest> requests, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var plan = new BlockPlan(_book, table, admission, clock.GetUtcNow());
            var outcomes = requests.Select(plan.Add).ToList();
            if (plan.Changes.Count > 0)
            {
                await CommitAsync(plan, cancellationToken);
            }

            return outcomes;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Lifts a block at once.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var block = _book.Find(id) ?? throw new NotFoundException("block", id);
            if (!enforcer.TryRemove([block]))
            {
                await enforcer.ApplyAsync([.. _book.All.Where(other => other != block)], cancellationToken);
            }

            End([block], EndCause.Lifted);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends what is due. The kernel drops its elements by itself; the wall clock may have jumped, so it is told too.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var due = _book.All.Where(IsDue).ToList();
            if (due.Count > 0)
            {
                var isThere = enforcer.TryRemove(due);
                End(due, EndCause.Expired);
                if (!isThere)
                {
                    await enforcer.ApplyAsync(_book.All, cancellationToken);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits until a block is due, or until something changed that may be due sooner.</summary>
    public async Task WaitForDueAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var due = Task.Delay(TimeToDue(), clock, either.Token);
        var changed = _changed.Reader.ReadAsync(either.Token).AsTask();
        await Task.WhenAny(due, changed);
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _turn.Dispose();

    private TimeSpan TimeToDue()
    {
        var wait = _book.EarliestExpiry - clock.GetUtcNow();
        return wait is null ? Timeout.InfiniteTimeSpan : wait < TimeSpan.Zero ? TimeSpan.Zero : wait.Value;
    }

    private bool IsDue(Block block) => block.ExpireTime <= clock.GetUtcNow();

    // The kernel comes first: the block works while the disk still writes. What it has got then goes onto the disk
    // without asking the caller's token.
    private async Task CommitAsync(BlockPlan plan, CancellationToken cancellationToken)
    {
        await enforcer.PutAsync(plan.Blocks, _book.All, cancellationToken);
        try
        {
            table.Save(plan.Changes, clock.GetUtcNow());
        }
        catch
        {
            enforcer.TryRemove(plan.Blocks);
            enforcer.TryPut(plan.Replaced);
            throw;
        }

        _book.Put(plan.Blocks);
        _changed.Writer.TryWrite(true);
        foreach (var (block, _) in plan.Changes)
        {
            LogBlocked(block.Id, block.Action, block.Target, block.ExpireTime, block.AlertId);
        }
    }

    private void End(List<Block> blocks, EndCause cause)
    {
        if (blocks.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        table.End(blocks, cause, now, now - admission.HistoryRetention);
        _book.Remove(blocks, cause);
        foreach (var block in blocks)
        {
            LogEnded(block.Id, block.Target, cause);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Block {BlockId} ({Action}) of {Target} stands until {ExpireTime}, for alert '{AlertId}'.")]
    private partial void LogBlocked(string blockId, BlockAction action, BlockTarget target, DateTimeOffset expireTime, string alertId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Block {BlockId} of {Target} ended: {Cause}.")]
    private partial void LogEnded(string blockId, BlockTarget target, EndCause cause);
}
