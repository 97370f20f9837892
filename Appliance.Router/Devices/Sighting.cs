using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Devices;

/// <summary>A fact, or an ARP or Neighbor Discovery message where there is none; the time is in nanoseconds since 1970 UTC.</summary>
internal readonly record struct Sighting(Fact? Fact, Neighbor Neighbor, long Time);
