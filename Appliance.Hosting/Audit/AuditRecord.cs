namespace Appliance.Hosting.Audit;

/// <summary>Who did or wanted what, to what, and why, before it has its place in the log.</summary>
public sealed record AuditRecord(string Actor, string Action, string Subject, string Reason, bool Allowed = true);
