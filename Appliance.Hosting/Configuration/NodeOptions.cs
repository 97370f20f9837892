using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Appliance.Hosting.Configuration;

/// <summary>What every role of a node is told: who it is, where it keeps state and where it listens.</summary>
public sealed class NodeOptions : IValidatableObject
{
    public const string Section = "Node";

    /// <summary>Trust domain of every identity: lower-case letters, digits and hyphens.</summary>
    [Required]
    [RegularExpression("^[a-z0-9-]{1,63}$", ErrorMessage = "must be 1 to 63 of a-z, 0-9 and '-'")]
    public string Site { get; set; } = "home";

    [Required]
    [RegularExpression("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", ErrorMessage = "must be a host name of a-z, 0-9 and '-'")]
    public string Name { get; set; } = "node1";

    /// <summary>Parent of the roles' state folders.</summary>
    [Required]
    [FilePath]
    public string StateDirectory { get; set; } = "/var/lib/appliance";

    /// <summary>Address of the gRPC listener.</summary>
    [Required]
    public string ListenAddress { get; set; } = "0.0.0.0";

    /// <summary>Address of the metrics listener, which asks for no certificate: loopback unless a scraper is elsewhere.</summary>
    [Required]
    public string MetricsAddress { get; set; } = "127.0.0.1";

    /// <summary>gRPC ports; 0 takes a free one.</summary>
    public PortOptions Ports { get; set; } = PortOptions.OfGrpc();

    /// <summary>Where a router takes requests of nodes that have no certificate yet; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int EnrollmentPort { get; set; } = RolePorts.Enrollment;

    /// <summary>Ports of <c>/metrics</c>; 0 takes a free one.</summary>
    public PortOptions MetricsPorts { get; set; } = PortOptions.OfMetrics();

    /// <summary>Largest gRPC message taken or sent.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Calls at once on one connection.</summary>
    [Range(1, 1000)]
    public int MaxStreamsPerConnection { get; set; } = 100;

    /// <summary>Connections at once over all listeners of the role.</summary>
    [Range(8, 65536)]
    public int MaxConnections { get; set; } = 1024;

    /// <summary>What the role may do to its process and its machine when it is asked to.</summary>
    public PowerOptions Power { get; set; } = new();

    /// <summary>The sensors and the light of the machine.</summary>
    public SensorOptions Sensors { get; set; } = new();

    /// <summary>What updates of the node may take while they come in.</summary>
    public UpdateOptions Updates { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, value) in new[] { (nameof(ListenAddress), ListenAddress), (nameof(MetricsAddress), MetricsAddress) })
        {
            if (!IPAddress.TryParse(value, out _))
            {
                yield return new ValidationResult("must be an IP address, for example 0.0.0.0 or ::", [name]);
            }
        }

        if (!Path.IsPathRooted(StateDirectory))
        {
            yield return new ValidationResult("must be an absolute path", [nameof(StateDirectory)]);
        }
    }
}
