using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Capture;

/// <summary>One interface that is watched.</summary>
public sealed class InterfaceOptions
{
    /// <summary>The zone that is not ours: its stations are the provider's.</summary>
    public const string OutsideZone = "wan";

    private const string NameRule = "must be the name of an interface: 1 to 15 characters, without '/' and blanks";
    private const string ZoneRule = "must be a zone such as lan, wan or guest: 1 to 31 of a-z, 0-9 and '-'";

    /// <summary>As <c>ip link</c> shows it; it need not be there yet.</summary>
    [Required(ErrorMessage = NameRule)]
    [RegularExpression("^[^/\\s\\p{C}]{1,15}$", ErrorMessage = NameRule)]
    public string Name { get; set; } = "";

    /// <summary>What is behind it: <c>wan</c>, or a part of the own network. Devices are learned on all interfaces but those of <c>wan</c>.</summary>
    [Required(ErrorMessage = ZoneRule)]
    [RegularExpression("^[a-z][a-z0-9-]{0,30}$", ErrorMessage = ZoneRule)]
    public string Zone { get; set; } = "lan";

    /// <summary>Threads that share its packets, each with a ring and a flow table of its own.</summary>
    [Range(1, 32)]
    public int Threads { get; set; } = 1;

    public bool IsOutside => Zone == OutsideZone;
}
