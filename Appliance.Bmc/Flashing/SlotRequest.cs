namespace Appliance.Bmc.Flashing;

/// <summary>A node's request for a role's certificate, as the slot's console tells of it.</summary>
/// <param name="Role">The role's word.</param>
/// <param name="RequestId">At the site's router.</param>
/// <param name="KeySha256">SHA-256 of the node's key in lower-case hex: what an admin compares with the router's.</param>
internal sealed record SlotRequest(string Role, string RequestId, string KeySha256)
{
    public override string ToString() => $"{Role}, request {RequestId}, key {KeySha256}";
}
