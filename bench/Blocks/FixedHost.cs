using Appliance.Router.Rules;

namespace Appliance.Benchmarks.Blocks;

/// <summary>A host that protects nothing: the measuring machine's own addresses do not matter in the namespace.</summary>
internal sealed class FixedHost : IHostAddresses
{
    public IReadOnlyList<ProtectedAddress> Read() => [];
}
