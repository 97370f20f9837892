using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Protos.Bmc.V1;
using Grpc.Core;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Appliance.Commands;

/// <summary>`appliance slots`: the board's slots, looked at and switched through the bmc role.</summary>
internal sealed class SlotsCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const string Table = "table";
    private const string Json = "json";

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    private readonly SiteChannel _site = new(Role.Bmc);
    private readonly Argument<uint> _slot = new("SLOT") { Description = "Slot as printed on the board, 1 to 4" };
    private readonly Option<double> _downTime = new("--down-time")
    {
        Description = "Seconds without power, 1 to 60",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<string> _format = new("--format") { Description = "table or json, one object a line", DefaultValueFactory = _ => Table };

    private SlotsCommand()
    {
        _format.AcceptOnlyFromAmong(Table, Json);
        _downTime.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 1 and <= 60))
            {
                result.AddError($"--down-time is '{string.Join(' ', result.Tokens)}'; it takes 1 to 60 seconds.");
            }
        });
    }

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

    private Command New(
        string name,
        string description,
        Symbol[] symbols,
        Func<BmcService.BmcServiceClient, ParseResult, CallOptions, Task<IReadOnlyList<Slot>>> call)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.Options.Add(_format);
        _site.AddTo(command);
        command.SetAction((parsed, token) => RunAsync(parsed, call, token));
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed,
        Func<BmcService.BmcServiceClient, ParseResult, CallOptions, Task<IReadOnlyList<Slot>>> call,
        CancellationToken token)
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            using var channel = _site.Open(parsed);
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + AnswerTime;
            var slots = await call(new BmcService.BmcServiceClient(channel.Calls), parsed, new CallOptions(deadline: deadline, cancellationToken: token));
            Print(parsed.InvocationConfiguration.Output, parsed.GetValue(_format) == Json, slots);
            return Done;
        }
        catch (RpcException failure)
        {
            await error.WriteLineAsync($"The call of the bmc role at {_site.Server(parsed)} failed, {failure.StatusCode}: {failure.Status.Detail}");
            return Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            await error.WriteLineAsync($"The certificates cannot be read: {failure.Message} Name their folder with --pki and the certificate with --as.");
            return Failed;
        }
    }

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
        return string.Create(CultureInfo.InvariantCulture, $"{slot.Number,-4}  {Word(slot),-11}  {Text(slot.Name),-16}  {Text(slot.Module),-8}  {uptime}");
    }

    private static string Line(Slot slot) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["number"] = slot.Number,
        ["state"] = Word(slot),
        ["name"] = slot.Name,
        ["module"] = slot.Module,
        ["uptime_seconds"] = slot.Uptime?.Seconds,
    });

    // Names may come from the board's own notes, which take any bytes: none of them is to move the terminal.
    private static string Text(string text) => text.Length == 0 ? "-" : string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    private static string Word(Slot slot) => slot.State.ToString().ToLowerInvariant();
}
