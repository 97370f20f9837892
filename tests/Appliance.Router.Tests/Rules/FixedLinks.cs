using Appliance.Router.Rules;

namespace Appliance.Router.Tests.Rules;

/// <summary>Links whose stations and routes the test says; interface N is named ethN.</summary>
internal sealed class FixedLinks : ILinks
{
    public List<LinkNeighbor> Neighbors { get; } = [];

    public Dictionary<BlockTarget, string> Routes { get; } = [];

    public IReadOnlyList<LinkNeighbor> ReadNeighbors() => [.. Neighbors];

    public string InterfaceTo(BlockTarget address) => Routes.GetValueOrDefault(address, "");

    public string NameOf(long number) => $"eth{number}";
}
