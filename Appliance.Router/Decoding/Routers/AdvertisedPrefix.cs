namespace Appliance.Router.Decoding.Routers;

/// <summary>A prefix that a router announces: hosts on it are neighbors (on-link), and make addresses of their own in it (autonomous).</summary>
public sealed record AdvertisedPrefix(UInt128 Prefix, byte Length, bool IsOnLink, bool IsAutonomous, TimeSpan ValidLifetime, TimeSpan PreferredLifetime);
