using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Network;

/// <summary>A device that always gets the same address and name.</summary>
public sealed class StaticLeaseOptions
{
    [Required]
    [RegularExpression("([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}", ErrorMessage = "must be a MAC address, such as 02:42:ac:11:00:02")]
    public string Mac { get; set; } = "";

    [Required]
    [RegularExpression("[0-9.]{7,15}", ErrorMessage = NetworkNames.AddressRule)]
    public string Address { get; set; } = "";

    /// <summary>Without the domain; empty: the name that the device gives itself.</summary>
    [RegularExpression(NetworkNames.LabelPattern, ErrorMessage = NetworkNames.LabelRule)]
    public string Name { get; set; } = "";
}
