namespace Appliance.Router.Rules;

/// <summary>Asks the kernel what is on the other side of the node's interfaces; it answers nothing where it cannot.</summary>
public interface ILinks
{
    /// <summary>Who holds which address on the links, as ARP and Neighbor Discovery have found.</summary>
    IReadOnlyList<LinkNeighbor> ReadNeighbors();

    /// <summary>The interface that packets to an address leave by; empty when no way leads there.</summary>
    string InterfaceTo(BlockTarget address);

    /// <summary>Name of an interface of the process; empty when there is none of that number.</summary>
    string NameOf(long number);
}
