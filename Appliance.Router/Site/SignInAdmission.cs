namespace Appliance.Router.Site;

/// <summary>Whether a try may be checked now, and if not, when the next one may.</summary>
internal readonly record struct SignInAdmission(bool Admitted, TimeSpan RetryAfter)
{
    public static readonly SignInAdmission Granted = new(true, TimeSpan.Zero);

    public static SignInAdmission Refused(TimeSpan retryAfter) => new(false, retryAfter);
}
