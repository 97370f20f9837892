namespace Appliance.Hosting.Configuration;

/// <summary>The configuration can't be used; every fault that was found is in it.</summary>
public sealed class ConfigurationFaultException(IReadOnlyList<string> faults)
    : Exception(Describe(faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;

    private static string Describe(IReadOnlyList<string> faults) => faults.Count == 1
        ? $"Configuration has a fault: {faults[0]}"
        : $"Configuration has {faults.Count} faults:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}";
}
