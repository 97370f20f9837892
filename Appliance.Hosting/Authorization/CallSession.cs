using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Authorization;

/// <summary>The session that a call came with, set by the gate once its token was verified.</summary>
internal sealed record CallSession(string Id, PeerIdentity Caller);
