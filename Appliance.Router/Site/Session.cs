using Appliance.Hosting.Identity;

namespace Appliance.Router.Site;

/// <summary>A person signed in over a node.</summary>
internal sealed record Session(string Id, string Account, PeerKind Kind, DateTimeOffset StartTime, DateTimeOffset ExpireTime, string Node);
