using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Enrollment;

/// <summary>Signs node files by the site's authority, and checks that nothing was changed since.</summary>
public static class NodeFileSignature
{
    /// <summary>The file with its signature; throws <see cref="InvalidInputException"/> for one that a node would refuse.</summary>
    public static NodeFile Sign(NodeFile file, SiteAuthority authority)
    {
        var faults = NodeFileRules.Check(file, isKept: false);
        return faults.Count == 0
            ? file with { Signature = Convert.ToBase64String(authority.Sign(NodeFileText.Canonical(file))) }
            : throw new InvalidInputException(faults);
    }

    /// <summary>Reads a file and checks its signature by the authority that it holds; throws <see cref="InvalidInputException"/>.</summary>
    public static NodeFile Read(ReadOnlySpan<byte> bytes)
    {
        var file = NodeFileText.Parse(bytes);
        using var authority = X509Certificate2.CreateFromPem(file.Authority);
        return IsSignedBy(file, authority)
            ? file
            : throw new InvalidInputException("signature", "does not fit the rest of the file, which was changed or damaged; write it anew with 'appliance image node-file'");
    }

    private static bool IsSignedBy(NodeFile file, X509Certificate2 authority)
    {
        var signature = new byte[SiteSignature.MaxLength];
        // Another spelling of the same bytes is another file.
        return Convert.TryFromBase64String(file.Signature, signature, out var length)
            && Convert.ToBase64String(signature, 0, length) == file.Signature
            && SiteSignature.IsGood(NodeFileText.Canonical(file), signature.AsSpan(0, length), authority);
    }
}
