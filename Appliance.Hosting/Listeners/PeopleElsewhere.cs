using System.Net;

namespace Appliance.Hosting.Listeners;

/// <summary>Tells of people who act here over a node's connection: the addresses that they sit at. The router registers one, for the dashboard's sessions.</summary>
public delegate IReadOnlyList<IPAddress> PeopleElsewhere();
