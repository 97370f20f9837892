using System.Security.Cryptography;
using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;

namespace Appliance.Router.Site.Enrollment;

/// <summary>Gives a node file whose tokens are used up fresh ones, so that a node whose disk was lost can ask again. What it asks for is approved as any other request is.</summary>
internal sealed class NodeFileDesk(CertificateLedger ledger, OnlineAuthority authorities, RevocationList revoked, EnrollmentVoice voice)
{
    /// <summary>It is flashed at once, and its node asks minutes later.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromDays(1);

    public byte[] Renew(ReadOnlySpan<byte> bytes)
    {
        var file = Read(bytes);
        using var authority = authorities.Open();
        if (file.AuthoritySha256 != Convert.ToHexStringLower(SHA256.HashData(authority.Certificate.RawData)))
        {
            throw new InvalidInputException("node_file", $"is signed by another authority, {file.AuthoritySha256[..12]}, than this site's");
        }

        if (file.Role == Role.Router)
        {
            throw new BusyException("NODE_FILE_OF_ROUTER", "A router's file holds the authority's key and no token; make it anew where the authority is kept.");
        }

        // Revoked is for good: whoever stole the node has its file as well.
        foreach (var node in file.Roles.Select(role => PeerIdentity.OfNode(file.Site, file.Name, role)).Where(node => ledger.IssuedTo(node.ToString()).All(revoked.Contains)))
        {
            throw new BusyException("NODE_NOT_ENROLLED", $"{node} holds no certificate that still counts: it never enrolled, was away too long, or was revoked. Make a new node file for it.");
        }

        return NodeFileText.Write(NodeFileSignature.Sign(EnrollmentToken.Into(file, voice.Now + TokenLife, authority), authority));
    }

    private static NodeFile Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return NodeFileSignature.Read(bytes);
        }
        catch (InvalidInputException error)
        {
            throw new InvalidInputException(error.Faults.Select(fault => new FieldFault("node_file", $"{fault.Field} {fault.Fault}")));
        }
    }
}
