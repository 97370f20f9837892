namespace Appliance.Logger.Dashboard.Access;

/// <summary>The router's answer: the right when signed in, the time to wait when delayed.</summary>
internal sealed record SignInOutcome(SignInResult Result, PersonRight? Right, TimeSpan RetryAfter)
{
    public static SignInOutcome SignedIn(PersonRight right) => new(SignInResult.SignedIn, right, TimeSpan.Zero);

    public static SignInOutcome Delayed(TimeSpan retryAfter) => new(SignInResult.Delayed, null, retryAfter);

    public static SignInOutcome Refused(SignInResult result) => new(result, null, TimeSpan.Zero);
}
