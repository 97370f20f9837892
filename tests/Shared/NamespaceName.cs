namespace Appliance.Tests.Shared;

/// <summary>Names of the network namespaces that tests make; ./test clears away those whose process has ended, and leaves another run's alone.</summary>
internal static class NamespaceName
{
    public static string New() => $"apt-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
}
