using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Network;

/// <summary>One network that addresses are given in.</summary>
public sealed class LanOptions : IValidatableObject
{
    /// <summary>As <c>ip link</c> shows it; it may come later.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]{0,14}", ErrorMessage = "must be the name of one interface: 1 to 15 letters, digits, '.', '_' and '-'")]
    public string Interface { get; set; } = "";

    /// <summary>The gateway's address there and the length of the network's prefix; it is set by whoever sets up the interface.</summary>
    [Required]
    [RegularExpression("[0-9.]{7,15}/[0-9]{1,2}", ErrorMessage = "must be an IPv4 address with the length of its prefix, such as 192.168.1.1/24")]
    public string Gateway { get; set; } = "";

    /// <summary>First address that is given away.</summary>
    [Required]
    [RegularExpression("[0-9.]{7,15}", ErrorMessage = NetworkNames.AddressRule)]
    public string First { get; set; } = "";

    [Required]
    [RegularExpression("[0-9.]{7,15}", ErrorMessage = NetworkNames.AddressRule)]
    public string Last { get; set; } = "";

    /// <summary>dnsmasq gives none for less than two minutes.</summary>
    [Range(typeof(TimeSpan), "00:02:00", "30.00:00:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>A /64 that hosts make addresses of their own in (SLAAC), with name servers by stateless DHCPv6; empty: no IPv6.</summary>
    [RegularExpression("[0-9A-Fa-f:]{2,39}/64", ErrorMessage = "must be an IPv6 prefix of length 64, such as fd12:3456:789a:1::/64")]
    public string IPv6Prefix { get; set; } = "";

    /// <summary>Servers that hosts are told to take the time from.</summary>
    [MaxLength(4, ErrorMessage = "takes at most 4 servers")]
    public IList<string> NtpServers { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => NetworkRules.Check(this);
}
