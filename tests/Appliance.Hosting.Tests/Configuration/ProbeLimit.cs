using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosting.Tests.Configuration;

/// <summary>Options inside options.</summary>
internal sealed class ProbeLimit
{
    [Range(1, 100)]
    public int PerSecond { get; set; } = 10;
}
