using System.Globalization;
using System.Net;
using System.Text.Json;
using Appliance.Protos.Devices.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Commands;

/// <summary>Prints devices for people, one a row, or for programs, one JSON object a line.</summary>
internal static class DevicesWire
{
    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<Device> devices)
    {
        if (format == OutputFormat.Table)
        {
            output.WriteLine("DEVICE             STATE        NAME                  KIND        ADDRESS          LAST SEEN             VENDOR");
        }

        foreach (var device in devices)
        {
            output.WriteLine(format == OutputFormat.Json ? Line(device) : Row(device));
        }
    }

    public static void PrintOne(TextWriter output, OutputFormat format, Device device)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(Line(device));
            return;
        }

        (string Name, string Value)[] lines =
        [
            ("Device", device.Id + (device.RandomizedMac ? " (randomized)" : "")),
            ("State", Word(device)),
            ("Name", SiteCommand.Text(device.Name)),
            ("Calls itself", List(device.HostNames)),
            ("Kind", SiteCommand.Text(device.Kind)),
            ("Because", List(device.KindReasons)),
            ("Vendor", SiteCommand.Text(device.Vendor)),
            ("Addresses", List(device.Addresses.Select(Address))),
            ("First seen", Time(device.FirstSeenTime)),
            ("Last seen", Time(device.LastSeenTime)),
        ];
        foreach (var (name, value) in lines)
        {
            output.WriteLine($"{name,-13} {value}");
        }
    }

    private static string Row(Device device)
    {
        var name = device.Name.Length > 0 ? device.Name : device.HostNames.FirstOrDefault() ?? "";
        var address = device.Addresses.Count > 0 ? Address(device.Addresses[0]) : "";
        return $"{device.Id,-17}  {Word(device),-11}  {SiteCommand.Text(name),-20}  {SiteCommand.Text(device.Kind),-10}  {SiteCommand.Text(address),-15}  {Time(device.LastSeenTime),-20}  {SiteCommand.Text(device.Vendor)}";
    }

    private static string Line(Device device) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["id"] = device.Id,
        ["state"] = Word(device),
        ["name"] = device.Name,
        ["randomized_mac"] = device.RandomizedMac,
        ["host_names"] = device.HostNames,
        ["vendor"] = device.Vendor,
        ["kind"] = device.Kind,
        ["kind_reasons"] = device.KindReasons,
        ["addresses"] = device.Addresses.Select(Address),
        ["first_seen_time"] = Time(device.FirstSeenTime),
        ["last_seen_time"] = Time(device.LastSeenTime),
    });

    private static string List(IEnumerable<string> values) => SiteCommand.Text(string.Join(", ", values));

    private static string Address(ByteString bytes) => new IPAddress(bytes.Span).ToString();

    private static string Time(Timestamp? time) => time?.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-";

    private static string Word(Device device) => device.State.ToString().ToLowerInvariant();
}
