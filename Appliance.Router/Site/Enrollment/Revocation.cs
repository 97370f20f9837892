namespace Appliance.Router.Site.Enrollment;

/// <summary>A certificate that was taken back; sequence counts up, identity is empty where the router did not issue it.</summary>
internal sealed record Revocation(long Sequence, string Serial, string Identity, string Reason, DateTimeOffset CreateTime);
