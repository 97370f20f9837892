using System.Globalization;
using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Appliance.Router.Rules.Policy;
using Wire = Appliance.Protos.Rules.V1;

namespace Appliance.Router.Rules.Changes;

/// <summary>Between what a rule matches and its form in the contract; what can't be read is left out and told as a fault of its field.</summary>
internal static class MatchWire
{
    private const string TimeFormat = "HH:mm";
    private const int DaysInWeek = 7;

    public static Wire.Match ToWire(RuleMatch match) => new()
    {
        SourceZones = { match.SourceZones },
        DestinationZones = { match.DestinationZones },
        SourceNetworks = { match.SourceNetworks.Select(ToWire) },
        DestinationNetworks = { match.DestinationNetworks.Select(ToWire) },
        SourceDeviceIds = { match.SourceDevices.Select(device => device.ToString()) },
        SourceFeedIds = { match.SourceFeeds },
        DestinationFeedIds = { match.DestinationFeeds },
        Protocols = { match.Protocols.Select(number => (uint)number) },
        DestinationPorts = { match.DestinationPorts.Select(ToWire) },
        SourcePorts = { match.SourcePorts.Select(ToWire) },
        IcmpTypes = { match.IcmpTypes.Select(number => (uint)number) },
        // States have the numbers of the contract.
        ConnectionStates = { match.States.Select(state => (Wire.Match.Types.ConnectionState)state) },
        Times = { match.Times.Select(ToWire) },
        OverPacketsPerSecond = (uint)match.OverPacketsPerSecond,
    };

    public static RuleMatch FromWire(Wire.Match wire, string path, List<FieldFault> faults) => new()
    {
        SourceZones = [.. wire.SourceZones.Distinct()],
        DestinationZones = [.. wire.DestinationZones.Distinct()],
        SourceNetworks = Read(wire.SourceNetworks, $"{path}.source_networks", faults, ToRange),
        DestinationNetworks = Read(wire.DestinationNetworks, $"{path}.destination_networks", faults, ToRange),
        SourceDevices = Read(wire.SourceDeviceIds, $"{path}.source_device_ids", faults, ToDevice),
        SourceFeeds = [.. wire.SourceFeedIds.Distinct()],
        DestinationFeeds = [.. wire.DestinationFeedIds.Distinct()],
        Protocols = Read(wire.Protocols, $"{path}.protocols", faults, number => ToByte(number, "an IANA protocol number")),
        DestinationPorts = Read(wire.DestinationPorts, $"{path}.destination_ports", faults, ToPorts),
        SourcePorts = Read(wire.SourcePorts, $"{path}.source_ports", faults, ToPorts),
        IcmpTypes = Read(wire.IcmpTypes, $"{path}.icmp_types", faults, number => ToByte(number, "an ICMP type")),
        States = Read(wire.ConnectionStates, $"{path}.connection_states", faults, ToState),
        Times = Read(wire.Times, $"{path}.times", faults, ToTimes),
        OverPacketsPerSecond = (int)Math.Min(wire.OverPacketsPerSecond, int.MaxValue),
    };

    // A single address is written as people write it.
    private static string ToWire(TargetRange range) => range.PrefixLength == range.First.Length * 8 ? range.First.ToString() : range.ToString();

    private static Wire.PortRange ToWire(PortRange ports) => new() { First = ports.First, Last = ports.Last == ports.First ? 0u : ports.Last };

    private static Wire.TimeRange ToWire(DayTimes times) => new()
    {
        Weekdays = { times.Days.Select(day => day == DayOfWeek.Sunday ? DaysInWeek : (uint)day) },
        Start = times.Start.ToString(TimeFormat, CultureInfo.InvariantCulture),
        End = times.End.ToString(TimeFormat, CultureInfo.InvariantCulture),
    };

    // A reader returns the value, or what is wrong with it.
    private static List<T> Read<TWire, T>(IEnumerable<TWire> wires, string path, List<FieldFault> faults, Func<TWire, (T Value, string? Fault)> read)
    {
        var values = new List<T>();
        foreach (var (index, wire) in wires.Index())
        {
            var (value, fault) = read(wire);
            if (fault is not null)
            {
                faults.Add(new FieldFault($"{path}[{index}]", fault));
            }
            else if (!values.Contains(value))
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static (TargetRange Value, string? Fault) ToRange(string text) =>
        !TargetRange.TryParse(text, out var range) ? (range, $"is '{text}'; write a network such as 192.168.1.0/24 or an address")
        : range.Kind == TargetKind.Mac ? (range, $"is the MAC address '{text}'; name the station in source_device_ids")
        : (range, null);

    private static (MacAddress Value, string? Fault) ToDevice(string text) => MacAddress.TryParse(text, out var mac) && !mac.IsEmpty && !mac.IsGroup
        ? (mac, null)
        : (mac, $"is '{text}'; give a device's id, the MAC address of one station such as 02:00:5e:00:53:01");

    private static (byte Value, string? Fault) ToByte(uint number, string what) =>
        number > byte.MaxValue ? ((byte)0, $"is {number}; {what} is 0 to {byte.MaxValue}") : ((byte)number, null);

    private static (PortRange Value, string? Fault) ToPorts(Wire.PortRange ports)
    {
        var last = ports.Last == 0 ? ports.First : ports.Last;
        return ports.First is 0 or > ushort.MaxValue || last > ushort.MaxValue ? (default, $"is {ports.First} to {last}; a port is 1 to {ushort.MaxValue}")
            : last < ports.First ? (default, $"ends with {last} before it begins with {ports.First}; swap them")
            : (new PortRange((ushort)ports.First, (ushort)last), null);
    }

    private static (ConnectionState Value, string? Fault) ToState(Wire.Match.Types.ConnectionState state) =>
        state is > Wire.Match.Types.ConnectionState.Unspecified and <= Wire.Match.Types.ConnectionState.Invalid
            ? ((ConnectionState)state, null)
            : (default, $"is {state}; give CONNECTION_STATE_NEW, _ESTABLISHED, _RELATED or _INVALID");

    private static (DayTimes Value, string? Fault) ToTimes(Wire.TimeRange wire)
    {
        var none = new DayTimes([], default, default);
        if (!TimeOnly.TryParseExact(wire.Start, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)
            || !TimeOnly.TryParseExact(wire.End, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var end))
        {
            return (none, $"is '{wire.Start}' to '{wire.End}'; write both as HH:MM, 00:00 to 23:59 (an end at or before the start is on the next day)");
        }

        return wire.Weekdays.Any(day => day is < 1 or > DaysInWeek)
            ? (none, $"names the weekdays {string.Join(", ", wire.Weekdays)}; they are 1 (Monday) to {DaysInWeek} (Sunday)")
            : (new DayTimes([.. wire.Weekdays.Distinct().Order().Select(day => (DayOfWeek)(day % DaysInWeek))], start, end), null);
    }
}
