using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

/// <summary>A host whose addresses the test says.</summary>
internal sealed class FixedHost(params string[] ranges) : IHostAddresses
{
    public IReadOnlyList<string> Ranges { get; set; } = ranges;

    public IReadOnlyList<ProtectedAddress> Read() => [.. Ranges.Select(text => ProtectedAddress.BuiltIn(Range(text), "Said by the test."))];
}
