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
        New("off", "Cut a slot's power, without asking its node", [_slot], async (client, parsed, options) =>
            [(await client.PowerOffSlotAsync(new PowerOffSlotRequest { SlotNumber = parsed.GetValue(_slot) }, options)).Slot]),
        New("restart", "Reset a slot that is on", [_slot], async (client, parsed, options) =>
            [(await client.RestartSlotAsync(new RestartSlotRequest { SlotNumber = parsed.GetValue(_slot) }, options)).Slot]),
        New("cycle", "Cut a slot's power for a while", [_slot, _downTime], async (client, parsed, options) =>
            [(await CycleAsync(client, parsed.GetValue(_slot), TimeSpan.FromSeconds(parsed.GetValue(_downTime)), options)).Slot]),
    };

    private static async Task<CycleSlotResponse> CycleAsync(BmcService.BmcServiceClient client, uint slot, TimeSpan downTime, CallOptions options) =>
        await client.CycleSlotAsync(
            new CycleSlotRequest { SlotNumber = slot, DownTime = Duration.FromTimeSpan(downTime) },
            options.WithDeadline(options.Deadline!.Value + downTime));

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
