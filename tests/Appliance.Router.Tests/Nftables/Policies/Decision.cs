using System.Net;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>What the reference says of a packet: its fate, where it is seen and from which address, and the rules that counted it.</summary>
internal sealed record Decision(Fate Fate, string Place, IPAddress? Source, IReadOnlyList<string> Counted)
{
    public override string ToString() => $"{Fate}{(Place.Length > 0 ? $" at {Place} from {Source}" : "")}";
}
