namespace Appliance.Hosting.Errors;

/// <summary>The caller is not who it claims to be, or has not shown it.</summary>
public sealed class UnauthenticatedException(string reason, string message) : ApplianceException(reason, message, null);
