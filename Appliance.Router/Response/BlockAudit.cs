using Appliance.Hosting.Audit;
using Appliance.Hosting.Errors;
using Appliance.Router.Rules;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Response;

/// <summary>Writes down the blocks that the Router sets and ends by itself; those that people ask for are written down where they call.</summary>
/// <remarks>
/// After the fact, and again and again until it succeeds: whoever fills the disk must not switch the defence off with it.
/// Each block is on disk with its alert in the block table before it is told here.
/// </remarks>
internal sealed partial class BlockAudit : BackgroundService
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

    private readonly AuditLog _audit;
    private readonly BlockStore _blocks;
    private readonly TimeProvider _clock;
    private readonly ILogger<BlockAudit> _logger;
    private readonly DateTimeOffset _start;
    private readonly Dictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);
    private BlockWatch _watch;

    public BlockAudit(AuditLog audit, BlockStore blocks, TimeProvider clock, ILogger<BlockAudit> logger)
    {
        (_audit, _blocks, _clock, _logger) = (audit, blocks, clock, logger);
        // From here and not from the start on: what expired while the Router was away ends when the ruleset is put in force.
        (_start, _watch) = (clock.GetUtcNow(), blocks.Watch());
    }

    public override void Dispose()
    {
        _watch.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in _watch.Changes.ReadAllAsync(stoppingToken))
                {
                    await EnterAsync(change, stoppingToken);
                }
            }
            catch (LimitExceededException error)
            {
                // More changes than its queue holds came while the log could not be written.
                LogMissed(error);
                _watch.Dispose();
                _watch = _blocks.Watch();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task EnterAsync(BlockChange change, CancellationToken cancellationToken)
    {
        if (Record(change) is not { } record)
        {
            return;
        }

        while (!_audit.TryEnter(record))
        {
            await Task.Delay(PauseAfterFault, _clock, cancellationToken);
        }
    }

    private AuditRecord? Record(BlockChange change)
    {
        var action = change.EndCause is { } cause ? EndOf(change.Block, cause) : BeginningOf(change.Block);
        var block = change.Block;
        return action is null
            ? null
            : new AuditRecord(_audit.Self, action, $"block_id={block.Id} target={block.Target}", $"{(block.IsDryRun ? "dry run: " : "")}{block.Reason}{(block.AlertId.Length > 0 ? $"; alert {block.AlertId}" : "")}");
    }

    private string? BeginningOf(Block block)
    {
        var isKnown = _known.TryGetValue(block.Id, out var expiry);
        _known[block.Id] = block.ExpireTime;
        // What an earlier run left is told at the start, too.
        return block.Creator != AlertResponder.Creator || (!isKnown && block.CreateTime < _start) || (isKnown && expiry == block.ExpireTime) ? null
            : isKnown ? "ExtendBlock" : "CreateBlock";
    }

    private string? EndOf(Block block, EndCause cause)
    {
        _known.Remove(block.Id);
        return cause switch
        {
            EndCause.Expired => "ExpireBlock",
            EndCause.Protected => "ProtectBlock",
            // Somebody called DeleteBlock, which is in the log under that name.
            _ => null,
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Changes of blocks were too many to be written into the audit log; the block table has them.")]
    private partial void LogMissed(Exception error);
}
