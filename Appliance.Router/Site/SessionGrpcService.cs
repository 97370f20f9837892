using Appliance.Protos.Site.V1;

namespace Appliance.Router.Site;

/// <summary>SessionService: people signed in at the dashboard. A method that isn't overridden answers UNIMPLEMENTED.</summary>
internal sealed class SessionGrpcService : SessionService.SessionServiceBase;
