using Appliance.Router.Rules;

namespace Appliance.Router.Response;

/// <summary>Says how an alert is answered; asks nobody and changes nothing.</summary>
public sealed class ResponsePolicy
{
    // As many destinations as an alert names.
    private const int MaxAnswers = 32;

    private readonly ResponseOptions _options;
    private readonly IReadOnlyList<TargetRange> _local;
    private readonly AllowList _allowed;

    public ResponsePolicy(ResponseOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _local = [.. options.EffectiveLocalNetworks.Select(text => TargetRange.TryParse(text, out var range) ? range : throw new FormatException(text))];
        _allowed = new AllowList(options);
    }

    /// <summary>The answers to an alert; what is protected is never among them.</summary>
    public ResponseDecision Decide(AlertFacts alert, Predicate<BlockTarget> isProtected)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var wanted = _options.Categories.TryGetValue(alert.Category, out var answer) ? answer : ResponseOptions.None;
        if (wanted == ResponseOptions.None)
        {
            return Nothing($"Alerts of category {alert.Category} are not answered.");
        }

        if (alert.Severity < _options.MinSeverity)
        {
            return Nothing($"Severity {alert.Severity} is below {_options.MinSeverity}.");
        }

        if (alert.Confidence < _options.MinConfidence)
        {
            return Nothing($"Confidence {alert.Confidence:0.00} is below {_options.MinConfidence:0.00}.");
        }

        // A flood's source may be anybody's until it has answered; its target is limited then whatever address it shows.
        if (_allowed.Find(alert, wanted == ResponseOptions.Block || alert.IsSourceConfirmed) is { } why)
        {
            return Spare(why);
        }

        return wanted == ResponseOptions.Block ? BlockSource(alert, isProtected) : LimitTargets(alert, isProtected, "The answer to this category is a rate limit.");
    }

    /// <summary>How long an answer lasts for an offender that served so many before.</summary>
    public TimeSpan DurationAfter(int served)
    {
        // 2^20 hours are beyond any bound, and the shift stays in range.
        var doubled = _options.Duration.Ticks * (double)(1L << Math.Clamp(served, 0, 20));
        return doubled >= _options.LongestDuration.Ticks ? _options.LongestDuration : TimeSpan.FromTicks((long)doubled);
    }

    /// <summary>Since when earlier answers count.</summary>
    public DateTimeOffset CountedSince(DateTimeOffset now) => now - _options.RepeatWindow;

    /// <summary>True when an alert that was answered already is answered again: it goes on although the answer is over, or half over.</summary>
    /// <remarks>Half, so that an alert that grows every second makes two changes an hour. What somebody lifted stays lifted.</remarks>
    public static bool Renews(PastAnswer past, TimeSpan duration, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(past);
        return past.EndCause switch
        {
            null => past.Block.ExpireTime - now < duration / 2,
            EndCause.Expired => true,
            _ => false,
        };
    }

    /// <summary>True when an alert of the time that the router was away is too old to be answered now.</summary>
    public bool IsStale(AlertFacts alert, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return now - alert.LastSeen > _options.CatchUpAge;
    }

    /// <summary>What makes two alerts be about the same source: its address, or its station where that is seen directly. Null for none.</summary>
    internal (BlockTarget? Source, BlockTarget? Station) SubjectOf(AlertFacts alert)
    {
        if (!BlockTarget.TryParse(alert.Source, out var source))
        {
            return (null, null);
        }

        if (source.Kind == TargetKind.Mac)
        {
            return (null, source);
        }

        // Behind a router, all sources have the router's station.
        var isLocal = _local.Any(range => range.Contains(source));
        return (source, isLocal && BlockTarget.TryFromMacBytes(alert.SourceMac.Span, out var station) && station.IsUnicast ? station : null);
    }

    private ResponseDecision BlockSource(AlertFacts alert, Predicate<BlockTarget> isProtected)
    {
        if (!BlockTarget.TryParse(alert.Source, out var source) || !source.IsUnicast)
        {
            return Nothing($"Source '{alert.Source}' is no address of a station.");
        }

        if (isProtected(source))
        {
            return Spare($"{source} is protected.");
        }

        if (source.Kind == TargetKind.Mac)
        {
            return One(source, "The source is a station.");
        }

        // Behind another router the frames carry that router's station; the own gateways' are protected.
        if (_local.Any(range => range.Contains(source))
            && BlockTarget.TryFromMacBytes(alert.SourceMac.Span, out var station)
            && station.IsUnicast
            && !isProtected(station))
        {
            return One(station, $"{source} is local, and addresses there are changed at will; its station is not.");
        }

        return alert.IsSourceConfirmed
            ? One(source, $"{source} completed a handshake, so its address is its own.")
            : LimitTargets(alert, isProtected, $"{source} never answered and may be forged; its targets are limited instead.");
    }

    private ResponseDecision LimitTargets(AlertFacts alert, Predicate<BlockTarget> isProtected, string reason)
    {
        var answers = alert.Destinations
            .Select(text => BlockTarget.TryParse(text, out var target) ? target : default)
            .Where(target => target.Kind != TargetKind.Mac && target.IsUnicast && !isProtected(target))
            .Distinct()
            .Take(MaxAnswers)
            .Select(target => new Answer(target, BlockAction.RateLimit, _options.PacketsPerSecond))
            .ToList();
        if (answers.Count > 0)
        {
            return new ResponseDecision(answers, reason);
        }

        var isSpared = alert.Destinations.Any(text => BlockTarget.TryParse(text, out var target) && isProtected(target));
        return isSpared ? Spare("Its targets are protected.") : Nothing("It names no target that may be limited.");
    }

    private static ResponseDecision One(BlockTarget target, string reason) => new([new Answer(target, BlockAction.Drop, 0)], reason);

    private static ResponseDecision Spare(string reason) => new([], reason) { IsSpared = true };

    private static ResponseDecision Nothing(string reason) => new([], reason);
}
