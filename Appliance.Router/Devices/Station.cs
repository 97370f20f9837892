using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>What one MAC address sent and was sent in some time; the last frame of its own in nanoseconds since 1970 UTC.</summary>
internal record struct Station(MacAddress Mac, long OutBytes, long InBytes, long LastSent);
