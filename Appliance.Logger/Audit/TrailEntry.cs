using Appliance.Hosting;
using Appliance.Hosting.Audit;

namespace Appliance.Logger.Audit;

/// <summary>One change on a role; position is its place in the order in which the Logger heard of them.</summary>
internal sealed record TrailEntry(long Position, Role Role, AuditEntry Entry);
