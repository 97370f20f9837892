using System.Text.RegularExpressions;

namespace Appliance.Hosting.Enrollment;

/// <summary>The lines by which a node tells on its console how it comes to a role's certificate. People read them, and the BMC does.</summary>
/// <param name="Role">The certificate's.</param>
/// <param name="Node">The node's name.</param>
/// <param name="State">What the line says.</param>
public sealed partial record EnrollmentLine(Role Role, string Node, EnrollmentLineState State)
{
    /// <summary>At the router; empty where <see cref="State"/> is <see cref="EnrollmentLineState.Certified"/>.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>SHA-256 of the node's key in lower-case hex, where it waits.</summary>
    public string KeySha256 { get; init; } = "";

    /// <summary>Whatever stands before it on the console's line.</summary>
    public static EnrollmentLine? Find(string line)
    {
        var found = Form().Match(line);
        if (!found.Success || !RoleNames.TryParse(found.Groups["role"].Value, out var role))
        {
            return null;
        }

        var (request, key) = (found.Groups["request"].Value, found.Groups["key"].Value);
        var state = key.Length > 0 ? EnrollmentLineState.Waits : request.Length > 0 ? EnrollmentLineState.Refused : EnrollmentLineState.Certified;
        return new EnrollmentLine(role, found.Groups["node"].Value, state) { RequestId = request, KeySha256 = key };
    }

    public override string ToString() => $"appliance: {Role.Word()} {Node} " + State switch
    {
        EnrollmentLineState.Waits => $"waits for an admin: request {RequestId}, key SHA-256 {KeySha256}; compare the key, then run 'appliance pki approve {RequestId}'.",
        EnrollmentLineState.Refused => $"was refused its certificate: request {RequestId}; ask the site's operator for the reason, and make a new node file.",
        _ => "has its certificate.",
    };

    [GeneratedRegex(
        "appliance: (?<role>[a-z]+) (?<node>[a-z0-9-]{1,63}) (waits for an admin: request (?<request>[a-z0-9]{1,64}), key SHA-256 (?<key>[0-9a-f]{64});|was refused its certificate: request (?<request>[a-z0-9]{1,64});|has its certificate\\.)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Form();
}
