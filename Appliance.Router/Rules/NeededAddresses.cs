using System.Net.Sockets;
using Appliance.Hosting.Listeners;

namespace Appliance.Router.Rules;

/// <summary>All that is built in: the host itself, and whom it needs, by address and, on the own links, by station.</summary>
/// <remarks>
/// A station counts only on the interface that the address is reached by: whoever gives himself the gateway's
/// address on another link is not protected by it.
/// </remarks>
internal sealed class NeededAddresses(NamedHosts named, PeopleAddresses people, ILinks links) : IHostAddresses
{
    private const string OfPeople = "A person of the site is connected from here, or was in the last 15 minutes.";

    public IReadOnlyList<ProtectedAddress> Read()
    {
        var found = new Dictionary<TargetRange, ProtectedAddress>();
        foreach (var own in HostAddresses.ReadOwn())
        {
            found.TryAdd(own.Range, own);
        }

        List<NeededAddress> needed = [.. HostAddresses.ReadNeeded(), .. named.Current, .. people.Current.Select(address => new NeededAddress(address, OfPeople))];
        var neighbors = links.ReadNeighbors().ToLookup(neighbor => neighbor.Address);
        foreach (var other in needed)
        {
            Add(found, other, neighbors);
        }

        return [.. found.Values];
    }

    private void Add(Dictionary<TargetRange, ProtectedAddress> found, NeededAddress needed, ILookup<BlockTarget, LinkNeighbor> neighbors)
    {
        var target = BlockTarget.From(needed.Address);
        if (!target.IsUnicast)
        {
            return;
        }

        var range = TargetRange.Of(target);
        found.TryAdd(range, ProtectedAddress.BuiltIn(range, needed.Reason));
        if (!neighbors.Contains(target))
        {
            return;
        }

        var link = LinkOf(needed, target);
        foreach (var neighbor in neighbors[target].Where(neighbor => neighbor.Interface == link))
        {
            var station = TargetRange.Of(neighbor.Station);
            found.TryAdd(station, ProtectedAddress.BuiltIn(station, $"Station of {target}: {needed.Reason}"));
        }
    }

    // A link-local address says nothing of its link but by its scope (RFC 4007, section 6).
    private string LinkOf(NeededAddress needed, BlockTarget target) =>
        needed.Interface.Length > 0 ? needed.Interface
        : needed.Address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: true } ? links.NameOf(needed.Address.ScopeId)
        : links.InterfaceTo(target);
}
