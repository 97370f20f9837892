using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Listeners;

/// <summary>Who is at the other end of a connection, and until when its certificate says so.</summary>
internal sealed record ConnectionPeer(PeerIdentity Identity, DateTimeOffset ExpireTime);
