using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Power;

namespace Appliance.Hosting.Health;

/// <summary>What a node can be told to do.</summary>
internal sealed record NodeOrders(RoleRestart Restart, IMachinePower Machine, CertificateRenewal Renewal);
