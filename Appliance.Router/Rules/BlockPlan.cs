using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules;

/// <summary>What several requests would change, worked out before anything is touched.</summary>
internal sealed class BlockPlan(BlockBook book, BlockTable table, BlockAdmission admission, DateTimeOffset now)
{
    private readonly Dictionary<BlockKey, Block> _planned = [];
    private readonly List<(Block Block, BlockRequest Request)> _changes = [];
    private readonly List<Block> _replaced = [];

    /// <summary>Each block with the request that made or extended it.</summary>
    public IReadOnlyList<(Block Block, BlockRequest Request)> Changes => _changes;

    /// <summary>The blocks as they will be, one for each target and action.</summary>
    public IReadOnlyList<Block> Blocks => [.. _planned.Values];

    /// <summary>Standing blocks as they were before.</summary>
    public IReadOnlyList<Block> Replaced => _replaced;

    public BlockOutcome Add(BlockRequest request)
    {
        try
        {
            return new BlockOutcome(Decide(request), null);
        }
        catch (ApplianceException refusal)
        {
            return new BlockOutcome(null, refusal);
        }
    }

    private Block Decide(BlockRequest request)
    {
        if (Repeated(request) is { } first)
        {
            return first;
        }

        admission.Demand(request);
        var key = new BlockKey(request.Target, request.Action);
        var standing = _planned.GetValueOrDefault(key) ?? book.Find(key);
        // A dry run changes nothing about what is enforced already.
        if (standing is { IsDryRun: false } && request.IsDryRun)
        {
            return standing;
        }

        var block = standing is null ? Begin(request) : Extend(standing, request);
        if (standing is not null && !_planned.ContainsKey(key))
        {
            _replaced.Add(standing);
        }

        _planned[key] = block;
        _changes.Add((block, request));
        return block;
    }

    private Block? Repeated(BlockRequest request) =>
        request.RequestId.Length > 0 && table.FindRequest(request.Creator, request.RequestId) is { } id
            ? book.Find(id) ?? table.Find(id)
            : null;

    private Block Begin(BlockRequest request)
    {
        admission.TakeOne(book.Count + _planned.Count);
        return new Block(
            Guid.CreateVersion7(now).ToString("N"),
            request.Target,
            request.Action,
            request.Action == BlockAction.RateLimit ? request.PacketsPerSecond : 0,
            request.Reason,
            request.AlertId,
            request.Creator,
            now,
            now + request.Duration,
            request.IsDryRun);
    }

    private Block Extend(Block standing, BlockRequest request)
    {
        var end = now + request.Duration;
        // What was only a dry run is enforced for as long as is asked now, not for as long as it was tried.
        var isPromoted = standing.IsDryRun && !request.IsDryRun;
        return standing with
        {
            ExpireTime = isPromoted || end > standing.ExpireTime ? end : standing.ExpireTime,
            PacketsPerSecond = request.Action == BlockAction.RateLimit ? request.PacketsPerSecond : 0,
            Reason = request.Reason.Length > 0 ? request.Reason : standing.Reason,
            AlertId = request.AlertId.Length > 0 ? request.AlertId : standing.AlertId,
            IsDryRun = request.IsDryRun,
        };
    }
}
