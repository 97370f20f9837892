namespace Appliance.Hosting.Errors;

/// <summary>A failure that a caller can act on; the reason is a constant in capitals, for example <c>FLASH_IN_PROGRESS</c>.</summary>
public abstract class ApplianceException(string reason, string message, Exception? inner) : Exception(message, inner)
{
    public string Reason { get; } = reason;

    /// <summary>Values that a program may want beside the text.</summary>
    public IReadOnlyDictionary<string, string> Details { get; protected init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
