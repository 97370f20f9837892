namespace Appliance.Hosting.Audit;

/// <summary>One change in the audit log; the hash is SHA-256 over the hash before it and this entry.</summary>
public sealed record AuditEntry(
    long Sequence,
    DateTimeOffset Time,
    string Actor,
    string Action,
    string Subject,
    string Reason,
    bool Allowed,
    ReadOnlyMemory<byte> Hash);
