using Appliance.Hosting.Errors;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Rules.V1;

namespace Appliance.Router.Rules.Changes;

/// <summary>Between rulesets and their form in the contract.</summary>
internal static class RulesetWire
{
    public const int MaxText = 1024 * 1024;

    // A page has to fit into a message, and each ruleset may bring 32 KiB of difference.
    private const int MaxPage = 100;

    public static Wire.Ruleset ToWire(Ruleset ruleset) => new()
    {
        Id = ruleset.Id,
        // States have the numbers of the contract.
        State = (Wire.Ruleset.Types.State)ruleset.State,
        ApplyTime = Timestamp.FromDateTimeOffset(ruleset.ApplyTime),
        ConfirmDeadlineTime = ruleset.State == RulesetState.Confirming ? Timestamp.FromDateTimeOffset(ruleset.Deadline) : null,
        Creator = ruleset.Creator,
        Reason = ruleset.Reason,
        Difference = ruleset.Difference,
        Sha256 = ByteString.CopyFrom(ruleset.Sha256),
    };

    public static Wire.ApplyRulesetResponse ToWire(Ruleset ruleset, string text) => new()
    {
        Ruleset = ToWire(ruleset),
        Text = text.Length <= MaxText ? text : text[..MaxText],
    };

    public static RulesetRequest ToRequest(Wire.ApplyRulesetRequest wire, string creator) => new(creator, wire.Reason, ToWindow(wire.ConfirmWithin))
    {
        RequestId = wire.RequestId,
        Etag = wire.Etag,
        IsTrial = wire.ValidateOnly,
    };

    public static RulesetRequest ToRequest(Wire.RollbackRulesetRequest wire, string creator) => new(creator, wire.Reason, ToWindow(wire.ConfirmWithin));

    /// <summary>A page of rulesets, newest first, from the store's list of those before a sequence number.</summary>
    public static Wire.ListRulesetsResponse ToPage(Wire.ListRulesetsRequest request, Func<long, int, IReadOnlyList<Ruleset>> list)
    {
        // Sequence numbers only grow, so what lies before one is the same list whenever it is asked for.
        var before = request.PageToken.Length == 0 ? long.MaxValue
            : long.TryParse(request.PageToken, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var token) ? token
            : throw new InvalidInputException("page_token", "is not one that this service gave; leave it empty for the first page");
        var size = request.PageSize switch
        {
            < 0 => throw new InvalidInputException("page_size", $"is {request.PageSize}; a page has 1 to {MaxPage} entries, and 0 means {MaxPage}"),
            0 => MaxPage,
            _ => Math.Min(request.PageSize, MaxPage),
        };
        var found = list(before, size + 1);
        return new Wire.ListRulesetsResponse
        {
            Rulesets = { found.Take(size).Select(ToWire) },
            NextPageToken = found.Count > size ? found[size - 1].Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) : "",
        };
    }

    private static TimeSpan ToWindow(Duration? duration)
    {
        // What does not fit a TimeSpan is far beyond the longest window, and is refused with its bounds.
        const long Most = 100L * 365 * 86400;
        return duration is null ? RulesetRequest.DefaultWindow : TimeSpan.FromSeconds(Math.Clamp(duration.Seconds, -Most, Most)) + TimeSpan.FromTicks(duration.Nanos / 100);
    }
}
