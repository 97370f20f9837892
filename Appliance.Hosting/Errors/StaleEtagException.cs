namespace Appliance.Hosting.Errors;

/// <summary>The caller changed something that has changed since it was read.</summary>
public sealed class StaleEtagException(string message) : ApplianceException("STALE_ETAG", message, null);
