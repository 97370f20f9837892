using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Listeners;

/// <summary>Who is at the other end of a connection, until when its certificate says so, and which certificate that is (its <c>x5t#S256</c>, and its serial number).</summary>
internal sealed record ConnectionPeer(PeerIdentity Identity, DateTimeOffset ExpireTime, string Thumbprint, string Serial);
