using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Power;
using Appliance.Hosting.Updates;

namespace Appliance.Hosting.Health;

/// <summary>What a node can be told to do.</summary>
internal sealed record NodeOrders(PowerWire Power, UpdateWire Updates, CertificateRenewal Renewal);
