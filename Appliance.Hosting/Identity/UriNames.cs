using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Hosting.Identity;

/// <summary>Reads URI names of a certificate, which the framework's SAN class leaves out.</summary>
internal static class UriNames
{
    private const string SubjectAlternativeName = "2.5.29.17";

    // GeneralName ::= CHOICE { ... uniformResourceIdentifier [6] IA5String ... }, RFC 5280, section 4.2.1.6.
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    public static bool TryReadSingle(X509Certificate2 certificate, [NotNullWhen(true)] out string? uri)
    {
        uri = null;
        var names = certificate.Extensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName).ToArray();
        return names.Length == 1 && TryReadSingle(names[0].RawData, out uri);
    }

    private static bool TryReadSingle(byte[] extension, [NotNullWhen(true)] out string? uri)
    {
        uri = null;
        try
        {
            var sequence = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                if (sequence.PeekTag() != UriTag)
                {
                    sequence.ReadEncodedValue();
                    continue;
                }

                if (uri is not null)
                {
                    uri = null;
                    return false;
                }

                uri = sequence.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
            }

            return uri is not null;
        }
        catch (Exception error) when (error is AsnContentException or CryptographicException)
        {
            uri = null;
            return false;
        }
    }
}
