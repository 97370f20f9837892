using System.ComponentModel.DataAnnotations;
using Appliance.Hosting.Configuration;

namespace Appliance.Router.Site.Enrollment;

/// <summary>How nodes get their certificates.</summary>
public sealed class EnrollmentOptions
{
    public const string Section = "Router:Enrollment";

    /// <summary>Folder with the site's ca.crt and ca.key; empty: `ca` in the router's state. Where there is none the authority is kept elsewhere, and certificates come as files.</summary>
    [FilePath]
    public string AuthorityFolder { get; set; } = "";

    /// <summary>How long a node's certificate lives. It is renewed when two thirds are over, so a node may be away for a third.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00")]
    public TimeSpan CertificateLife { get; set; } = Hosting.Identity.SiteAuthority.DefaultLeafLife;

    /// <summary>Requests that wait for an answer at once; each took a token that the authority signed.</summary>
    [Range(1, 1024)]
    public int MaxPending { get; set; } = 64;
}
