using System.Net;

namespace Appliance.Router.Rules;

/// <summary>Asks for the addresses of a host name.</summary>
internal delegate Task<IPAddress[]> HostLookup(string name, CancellationToken cancellationToken);
