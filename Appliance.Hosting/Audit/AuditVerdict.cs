namespace Appliance.Hosting.Audit;

/// <summary>What a look at a whole chain found; the fault names the first entry that does not fit, null when all do.</summary>
public sealed record AuditVerdict(long Entries, ReadOnlyMemory<byte> LastHash, string? Fault);
