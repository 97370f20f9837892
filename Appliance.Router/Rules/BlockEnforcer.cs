using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules;

/// <summary>Brings blocks into the firewall and out of it; dry runs stay out, and a flushed firewall is filled again.</summary>
internal sealed partial class BlockEnforcer(IFirewall firewall, RulesetIntent intent, StationAddresses addresses, ILogger<BlockEnforcer> logger)
{
    // False from a ruleset that was refused until one is taken.
    private volatile bool _isInForce;

    /// <summary>True while the kernel has the block.</summary>
    public bool Holds(Block block) => firewall.Enforces && _isInForce && !block.IsDryRun;

    /// <summary>True while the firewall holds what was intended last.</summary>
    public bool IsInForce => _isInForce;

    public RulesetIntent Intent => intent;

    /// <summary>All that the firewall should hold, with these blocks.</summary>
    public FirewallState StateWith(IReadOnlyList<Block> blocks) => intent.With(Enforced(blocks));

    /// <summary>Makes the firewall hold these blocks and all else that is intended, and nothing else.</summary>
    public async Task ApplyAsync(IReadOnlyList<Block> blocks, CancellationToken cancellationToken)
    {
        try
        {
            await firewall.ApplyAsync(StateWith(blocks), cancellationToken);
            _isInForce = true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _isInForce = false;
            throw new UnreachableException($"The firewall did not take the ruleset: {error.Message}", error);
        }
    }

    /// <summary>Puts blocks in force beside those that stand.</summary>
    public async Task PutAsync(IReadOnlyList<Block> blocks, IReadOnlyList<Block> standing, CancellationToken cancellationToken)
    {
        try
        {
            firewall.Put(Enforced(blocks));
        }
        catch (RulesetMissingException)
        {
            // Someone flushed the kernel's rules: everything goes back in, these blocks included.
            LogMissing();
            var replaced = blocks.Select(block => block.Key).ToHashSet();
            await ApplyAsync([.. standing.Where(block => !replaced.Contains(block.Key)), .. blocks], cancellationToken);
        }
        catch (Exception error)
        {
            throw new UnreachableException($"The firewall did not take the block: {error.Message}", error);
        }

        // A station may say that it has anybody's address: a protected one keeps its connections.
        firewall.EndConnections(Enforced(blocks).Where(block => block.Action != BlockAction.RateLimit)
            .SelectMany(block => addresses(block.Target)).Where(address => !intent.IsProtected(address)).Distinct());
    }

    /// <summary>False when the whole ruleset is gone, so that it has to be applied.</summary>
    public bool TryPut(IReadOnlyList<Block> blocks) => TryChange(firewall.Put, blocks);

    /// <summary>False when the whole ruleset is gone, so that it has to be applied.</summary>
    public bool TryRemove(IReadOnlyList<Block> blocks) => TryChange(firewall.Remove, blocks);

    private bool TryChange(Action<IReadOnlyList<Block>> change, IReadOnlyList<Block> blocks)
    {
        try
        {
            change(Enforced(blocks));
            return true;
        }
        catch (RulesetMissingException)
        {
            LogMissing();
            return false;
        }
    }

    private static Block[] Enforced(IReadOnlyList<Block> blocks) => [.. blocks.Where(block => !block.IsDryRun)];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The base ruleset is missing from the kernel; it is applied again.")]
    private partial void LogMissing();
}
