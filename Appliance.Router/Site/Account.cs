using Appliance.Hosting.Identity;

namespace Appliance.Router.Site;

/// <summary>A person who may sign in at the dashboard, and what that person may do.</summary>
public sealed record Account(string Name, PeerKind Kind, DateTimeOffset ChangeTime);
