using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Rules;

/// <summary>Says who may be blocked, for how long, and how many a minute, whoever asks.</summary>
internal sealed class BlockAdmission(ProtectedAddresses protectedAddresses, IOptions<BlockOptions> options, TimeProvider clock)
{
    public static readonly TimeSpan ShortestDuration = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(30);
    public const int MaxPacketsPerSecond = 1_000_000;
    public const int MaxReasonLength = 500;
    public const int MaxIdLength = 128;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // At most MaxBlocksPerMinute moments are held.
    private readonly Queue<long> _made = new();

    public TimeSpan HistoryRetention => options.Value.HistoryRetention;

    public bool IsProtected(BlockTarget target) => protectedAddresses.Find(target) is not null;

    /// <summary>Throws unless the request may be carried out as far as its own content goes.</summary>
    public void Demand(BlockRequest request)
    {
        var faults = Faults(request).ToList();
        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }

        if (protectedAddresses.Find(request.Target) is { } cover)
        {
            throw new BusyException(
                "PROTECTED_ADDRESS",
                $"{request.Target} is never blocked: {cover.Range} is protected ({cover.Reason.TrimEnd('.')}). Delete that protected address first if it is one that an operator added.");
        }
    }

    /// <summary>Counts a new block in, or throws when it would be one too many.</summary>
    public void TakeOne(int standing)
    {
        var limits = options.Value;
        if (standing >= limits.MaxBlocks)
        {
            throw new LimitExceededException("TOO_MANY_BLOCKS", $"{standing} blocks stand and {limits.MaxBlocks} may; lift some or raise {BlockOptions.Section}:{nameof(BlockOptions.MaxBlocks)}.");
        }

        while (_made.TryPeek(out var oldest) && clock.GetElapsedTime(oldest) >= Minute)
        {
            _made.Dequeue();
        }

        if (_made.Count >= limits.MaxBlocksPerMinute)
        {
            throw new LimitExceededException(
                "BLOCK_RATE",
                $"{_made.Count} blocks were made in the last minute and {limits.MaxBlocksPerMinute} may be; wait, or raise {BlockOptions.Section}:{nameof(BlockOptions.MaxBlocksPerMinute)}.");
        }

        _made.Enqueue(clock.GetTimestamp());
    }

    private static IEnumerable<FieldFault> Faults(BlockRequest request)
    {
        if (!request.Target.IsUnicast)
        {
            yield return new FieldFault("target", $"{request.Target} is no address of a single station; give the offender's own address");
        }

        if (request.Duration < ShortestDuration || request.Duration > LongestDuration)
        {
            yield return new FieldFault("duration", $"is {request.Duration}; a block lasts from {ShortestDuration.TotalSeconds:0} s to {LongestDuration.TotalDays:0} days");
        }

        if (request.Action == BlockAction.RateLimit && request.Target.Kind == TargetKind.Mac)
        {
            yield return new FieldFault("target", $"{request.Target} is a MAC address; a rate limit needs the IP address of the flooded target");
        }

        if (request.Action == BlockAction.Quarantine && request.Target.Kind != TargetKind.Mac)
        {
            yield return new FieldFault("target", $"{request.Target} is an IP address; a quarantine needs the MAC address of the station");
        }

        if (request.Action == BlockAction.RateLimit && request.PacketsPerSecond is < 1 or > MaxPacketsPerSecond)
        {
            yield return new FieldFault("packets_per_second", $"is {request.PacketsPerSecond}; a limit is from 1 to {MaxPacketsPerSecond}");
        }

        if (request.Reason.Length > MaxReasonLength)
        {
            yield return new FieldFault("reason", $"has {request.Reason.Length} characters; at most {MaxReasonLength} are kept");
        }

        if (request.RequestId.Length > MaxIdLength)
        {
            yield return new FieldFault("request_id", $"has {request.RequestId.Length} characters; at most {MaxIdLength} are kept");
        }
    }
}
