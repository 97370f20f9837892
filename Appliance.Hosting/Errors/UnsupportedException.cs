namespace Appliance.Hosting.Errors;

/// <summary>This build has no way to do what the contract allows to ask for.</summary>
public sealed class UnsupportedException(string reason, string message) : ApplianceException(reason, message, null);
