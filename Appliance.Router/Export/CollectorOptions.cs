using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Export;

/// <summary>One collector.</summary>
public sealed class CollectorOptions
{
    /// <summary>Name or address.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._:%-]{1,253}$", ErrorMessage = "must be a host name or an IP address")]
    public string Host { get; set; } = "";

    [Range(1, 65_535)]
    public int Port { get; set; } = 4739;

    [EnumDataType(typeof(CollectorTransport))]
    public CollectorTransport Transport { get; set; } = CollectorTransport.Udp;
}
