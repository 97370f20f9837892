using System.Globalization;
using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>One station of the network: what it shows of itself, and what people have decided about it.</summary>
public sealed record Device(MacAddress Mac, DateTimeOffset FirstSeen)
{
    /// <summary>The MAC address, lower case with colons.</summary>
    public string Id => Mac.ToString();

    /// <summary>Given by an operator.</summary>
    public string Name { get; init; } = "";

    /// <summary>Maker by the IEEE's registry; empty for a randomized address and where there is no registry.</summary>
    public string Vendor { get; init; } = "";

    public DeviceKind Kind { get; init; } = DeviceKind.Unknown;

    public DeviceState State { get; init; } = DeviceState.New;

    public DevicePolicy Policy { get; init; } = DevicePolicy.Allowed;

    /// <summary>When its state and policy let it through; none means always.</summary>
    public IReadOnlyList<DayTimes> AllowedTimes { get; init; } = [];

    public DateTimeOffset LastSeen { get; init; } = FirstSeen;

    public IReadOnlyList<DeviceAddress> Addresses { get; init; } = [];

    public IReadOnlyList<DeviceTrait> Traits { get; init; } = [];

    /// <summary>Counts what people have changed: what the network says must not make their edit stale.</summary>
    public int Edition { get; init; } = 1;

    public string Etag => Edition.ToString(CultureInfo.InvariantCulture);

    /// <summary>Somebody has named it, judged it or set its policy.</summary>
    public bool IsJudged => Edition > 1;

    public bool Has(UInt128 address) => Addresses.Any(known => known.Address == address);
}
