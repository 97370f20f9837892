using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Protos.Bmc.V1;
using Grpc.Core;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Appliance.Commands;

/// <summary>`appliance slots`: the board's slots, looked at and switched through the bmc role.</summary>
internal sealed class SlotsCommand
{
    private readonly SiteCommand _site = new(Role.Bmc);
    private readonly Argument<uint> _slot = new("SLOT") { Description = "Slot as printed on the board, 1 to 4" };
    private readonly Option<double> _downTime = new("--down-time")
    {
        Description = "Seconds without power, 1 to 60",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<bool> _cut = new("--cut") { Description = "Cut at once, without asking the node to shut down" };
    private readonly Option<bool> _allowCritical = new("--allow-critical") { Description = "Do it to a critical slot, or to one that hosts the bmc role or the caller, too" };

    private SlotsCommand()
    {
        _downTime.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 1 and <= 60))
            {
                result.AddError($"--down-time is '{string.Join(' ', result.Tokens)}'; it takes 1 to 60 seconds.");
            }
        });
    }

    private delegate Task<IReadOnlyList<Slot>> Call(BmcService.BmcServiceClient client, ParseResult parsed, CallOptions options);

    public static Command Create() => new SlotsCommand().Build();

    private Command Build() => new("slots", "The board's slots: power and state")
    {
        New("list", "All slots and what is known of them", [], async (client, _, options) =>
            (await client.ListSlotsAsync(new ListSlotsRequest(), options)).Slots),
        New("on", "Power a slot on", [_slot], async (client, parsed, options) =>
            [(await client.PowerOnSlotAsync(new PowerOnSlotRequest { SlotNumber = parsed.GetValue(_slot) }, options)).Slot]),
        New("off", "Ask a slot's node to shut down, then cut its power", [_slot, _cut, _allowCritical], async (client, parsed, options) =>
            [(await client.PowerOffSlotAsync(
                new PowerOffSlotRequest { SlotNumber = parsed.GetValue(_slot), Cut = parsed.GetValue(_cut), AllowCritical = parsed.GetValue(_allowCritical) },
                Patient(options))).Slot]),
        New("restart", "Ask a slot's node to shut down, then reset the slot", [_slot, _cut, _allowCritical], async (client, parsed, options) =>
            [(await client.RestartSlotAsync(
                new RestartSlotRequest { SlotNumber = parsed.GetValue(_slot), Cut = parsed.GetValue(_cut), AllowCritical = parsed.GetValue(_allowCritical) },
                Patient(options))).Slot]),
        New("cycle", "Ask a slot's node to shut down, then cut its power for a while", [_slot, _downTime, _cut, _allowCritical], async (client, parsed, options) =>
            [(await client.CycleSlotAsync(
                new CycleSlotRequest
                {
                    SlotNumber = parsed.GetValue(_slot),
                    DownTime = Duration.FromTimeSpan(TimeSpan.FromSeconds(parsed.GetValue(_downTime))),
                    Cut = parsed.GetValue(_cut),
                    AllowCritical = parsed.GetValue(_allowCritical),
                },
                Patient(options))).Slot]),
    };

    // A node may take Bmc:Slots:ShutdownLimit to shut down, 10 min at most, and the slot a minute without power.
    private static CallOptions Patient(CallOptions options) => options.WithDeadline(options.Deadline!.Value + TimeSpan.FromMinutes(11));

    private Command New(string name, string description, Symbol[] symbols, Call call) => _site.New(name, description, symbols, async (calls, parsed, options) =>
    {
        var slots = await call(new BmcService.BmcServiceClient(calls), parsed, options);
        return (output, format) => Print(output, format == OutputFormat.Json, slots);
    });

    private static void Print(TextWriter output, bool json, IReadOnlyList<Slot> slots)
    {
        if (!json)
        {
            output.WriteLine("SLOT  STATE        NAME              MODULE    UPTIME");
        }

        foreach (var slot in slots)
        {
            output.WriteLine(json ? Line(slot) : Row(slot));
        }
    }

    private static string Row(Slot slot)
    {
        var uptime = slot.Uptime is { } time ? time.ToTimeSpan().ToString("c", CultureInfo.InvariantCulture) : "-";
        return string.Create(CultureInfo.InvariantCulture, $"{slot.Number,-4}  {Word(slot),-11}  {SiteCommand.Text(slot.Name),-16}  {SiteCommand.Text(slot.Module),-8}  {uptime}");
    }

    private static string Line(Slot slot) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["number"] = slot.Number,
        ["state"] = Word(slot),
        ["name"] = slot.Name,
        ["module"] = slot.Module,
        ["uptime_seconds"] = slot.Uptime?.Seconds,
    });

    private static string Word(Slot slot) => slot.State.ToString().ToLowerInvariant();
}
