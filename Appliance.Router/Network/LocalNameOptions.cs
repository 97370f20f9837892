using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Network;

/// <summary>A name that is answered here.</summary>
public sealed class LocalNameOptions
{
    /// <summary>One without a dot is in the network's domain as well.</summary>
    [Required]
    [RegularExpression(NetworkNames.NamePattern, ErrorMessage = NetworkNames.NameRule)]
    public string Name { get; set; } = "";

    [Required]
    [RegularExpression("[0-9A-Fa-f.:]{2,45}", ErrorMessage = "must be an IPv4 or IPv6 address")]
    public string Address { get; set; } = "";
}
