namespace Appliance.Hosting.Errors;

/// <summary>A bound would be passed.</summary>
public sealed class LimitExceededException(string reason, string message) : ApplianceException(reason, message, null);
