using Appliance.Hosting.Errors;

namespace Appliance.Router.Rules.Changes;

/// <summary>Somebody's wish to bring a policy into force.</summary>
internal sealed record RulesetRequest(string Creator, string Reason, TimeSpan ConfirmWithin)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    /// <summary>Repeating a request id of the same creator returns the first ruleset; empty means no repeat is expected.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The candidate's etag as its writer saw it; empty asks for no check.</summary>
    public string Etag { get; init; } = "";

    /// <summary>Renders and checks, changes nothing.</summary>
    public bool IsTrial { get; init; }

    public void Demand()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }
    }

    private IEnumerable<FieldFault> Faults()
    {
        if (ConfirmWithin < ShortestWindow || ConfirmWithin > LongestWindow)
        {
            yield return new FieldFault("confirm_within", $"is {ConfirmWithin}; give {ShortestWindow.TotalSeconds:0} s to {LongestWindow.TotalHours:0} hour, or leave it out for {DefaultWindow.TotalSeconds:0} s");
        }

        if (Reason.Length > BlockAdmission.MaxReasonLength)
        {
            yield return new FieldFault("reason", $"has {Reason.Length} characters; at most {BlockAdmission.MaxReasonLength} are kept");
        }

        if (Reason.Any(char.IsControl))
        {
            yield return new FieldFault("reason", "has control characters; write it in one line of text");
        }

        if (RequestId.Length > BlockAdmission.MaxIdLength)
        {
            yield return new FieldFault("request_id", $"has {RequestId.Length} characters; at most {BlockAdmission.MaxIdLength} are kept");
        }
    }
}
