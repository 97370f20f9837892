using System.Net;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>A packet that was sent, where it was seen, and what was said against it.</summary>
internal sealed record Outcome(Packet Packet, IReadOnlyList<Sighting> Arrivals, Sighting? Refusal)
{
    public Fate Fate => Arrivals.Count > 0 ? Fate.Passed : Refusal is not null ? Fate.Refused : Fate.Dropped;

    /// <summary>The place where it was seen: a cable, or the gateway; nothing when it was seen nowhere.</summary>
    public string Place => Arrivals.Count == 0 ? "" : Arrivals[0].Place;

    /// <summary>The source that it arrived with.</summary>
    public IPAddress? Source => Arrivals.Count == 0 ? null : Arrivals[0].Source;

    public static Outcome Of(Packet packet, IReadOnlyList<Sighting> seen) => new(
        packet,
        [.. seen.Where(sighting => sighting.Mark == packet.Mark && sighting.Protocol == packet.Protocol && sighting.Type == packet.Type)],
        seen.FirstOrDefault(sighting => packet.IsResetBy(sighting) || (sighting.Mark == packet.Mark && sighting.IsProhibited)));

    public override string ToString() => $"{Fate}{(Place.Length > 0 ? $" at {string.Join(" and ", Arrivals.Select(seen => seen.Place))} from {Source}" : "")}";
}
