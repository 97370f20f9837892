using Appliance.Hosting.Identity;

namespace Appliance.Router.Site.Enrollment;

/// <summary>A node asks for its first certificate: with which token and key, from where, and what became of it.</summary>
internal sealed record EnrollmentRequest(
    string Id,
    string TokenId,
    PeerIdentity Node,
    EnrollmentState State,
    byte[] Key,
    byte[] KeySha256,
    string Source,
    DateTimeOffset CreateTime,
    DateTimeOffset TokenEnd,
    IReadOnlyList<string> Hosts)
{
    /// <summary>DER; null until it was approved.</summary>
    public byte[]? Certificate { get; init; }

    /// <summary>True once the node has been given it.</summary>
    public bool IsHandedOut { get; init; }

    public override string ToString() => $"request {Id} of {Node}";
}
