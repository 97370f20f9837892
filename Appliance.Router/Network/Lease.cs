using Appliance.Router.Decoding;

namespace Appliance.Router.Network;

/// <summary>One line of dnsmasq's leases.</summary>
/// <param name="Mac">Empty where neither the line nor the client's DUID has an Ethernet address.</param>
/// <param name="Address">The address that was given.</param>
/// <param name="Name">Empty for a client that has none.</param>
/// <param name="ClientId">As dnsmasq writes it, or empty.</param>
/// <param name="ExpireSeconds">Since 1970 UTC; zero for never.</param>
internal readonly record struct Lease(MacAddress Mac, UInt128 Address, string Name, string ClientId, long ExpireSeconds);
