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
    /// <summary>The policies by the words that people give them.</summary>
    public static readonly IReadOnlyDictionary<string, Device.Types.Policy> Policies = new Dictionary<string, Device.Types.Policy>(StringComparer.Ordinal)
    {
        ["allowed"] = Device.Types.Policy.Allowed,
        ["lan-only"] = Device.Types.Policy.LanOnly,
        ["internet-only"] = Device.Types.Policy.InternetOnly,
    };

    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>Reads "07:30-21:00" or "mon,tue/16:00-18:00"; the Router checks the times.</summary>
    public static TimeRange ToTimes(string text)
    {
        var slash = text.IndexOf('/');
        var ends = text[(slash + 1)..].Split('-');
        var days = slash < 0 ? [] : text[..slash].Split(',').Select(day => Array.IndexOf(Days, day.ToLowerInvariant()) + 1).ToArray();
        return ends.Length == 2 && !days.Contains(0)
            ? new TimeRange { Weekdays = { days.Select(day => (uint)day) }, Start = ends[0], End = ends[1] }
            : throw new CommandFailedException($"'{SiteCommand.Text(text)}' is no part of the day; write for example 07:30-21:00 or mon,tue,fri/16:00-18:00.");
    }

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
            ("Policy", PolicyWord(device)),
            ("Allowed", device.AllowedTimes.Count == 0 ? "always" : List(device.AllowedTimes.Select(TimesText))),
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
        ["policy"] = PolicyWord(device),
        ["allowed_times"] = device.AllowedTimes.Select(TimesText),
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

    private static string PolicyWord(Device device) => Policies.FirstOrDefault(pair => pair.Value == device.Policy).Key ?? "-";

    private static string TimesText(TimeRange range)
    {
        var days = range.Weekdays.Where(day => day is >= 1 and <= 7).Select(day => Days[day - 1]).ToList();
        return $"{string.Join(',', days)}{(days.Count > 0 ? "/" : "")}{range.Start}-{range.End}";
    }

    private static string Word(Device device) => device.State.ToString().ToLowerInvariant();
}
