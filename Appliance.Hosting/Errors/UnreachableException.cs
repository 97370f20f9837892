namespace Appliance.Hosting.Errors;

/// <summary>Something that the request needs does not answer now; trying again later may help.</summary>
public sealed class UnreachableException(string message, Exception? inner) : ApplianceException("UNREACHABLE", message, inner)
{
    public UnreachableException(string message)
        : this(message, null)
    {
    }
}
