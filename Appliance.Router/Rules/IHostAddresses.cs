namespace Appliance.Router.Rules;

/// <summary>Asks the operating system which addresses must never be blocked.</summary>
public interface IHostAddresses
{
    IReadOnlyList<ProtectedAddress> Read();
}
