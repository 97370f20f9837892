namespace Appliance.Hosting.Errors;

/// <summary>The state of the system forbids the request for now.</summary>
public sealed class BusyException(string reason, string message) : ApplianceException(reason, message, null);
