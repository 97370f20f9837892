namespace Appliance.Logger.Dashboard.Access;

/// <summary>Whether a try may be checked now, and if not, when the next one may.</summary>
internal readonly record struct LoginAdmission(bool Admitted, TimeSpan RetryAfter)
{
    public static readonly LoginAdmission Granted = new(true, TimeSpan.Zero);

    public static LoginAdmission Refused(TimeSpan retryAfter) => new(false, retryAfter);
}
