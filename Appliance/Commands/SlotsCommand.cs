using System.CommandLine;
using Appliance.Hosting;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf;
using Grpc.Core;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Appliance.Commands;

/// <summary>`appliance slots`: the board's slots, looked at and switched through the bmc role.</summary>
internal sealed class SlotsCommand
{
    // The longest that a node may take to shut down, as configured or asked for.
    private const double LongestShutdownSeconds = 600;

    // What is held comes at once; when nothing more has come for this long, that was all.
    private static readonly TimeSpan ConsoleQuiet = TimeSpan.FromSeconds(2);

    private readonly SiteCommand _site = new(Role.Bmc);
    private readonly Argument<uint> _slot = new("SLOT") { Description = "Slot as printed on the board, 1 to 4" };
    private readonly Option<double> _downTime = new("--down-time")
    {
        Description = "Seconds without power, 1 to 60",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 3,
    };

    private readonly Argument<uint[]> _some = new("SLOT") { Description = "Slots; none means all", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _cut = new("--cut") { Description = "Cut the power at once, without asking the node to shut down" };
    private readonly Option<bool> _critical = new("--allow-critical") { Description = "Do it to a slot that is guarded, or that the command runs on" };
    private readonly Option<double?> _limit = new("--shutdown-limit") { Description = "Seconds that the node may take to shut down, 1 to 600", HelpName = "SECONDS" };
    private readonly Option<bool> _follow = new("--follow") { Description = "Go on with what it prints, until Ctrl-C" };
    private readonly Argument<string> _text = new("TEXT") { Description = "What to type; the board ends it with CR LF" };
    private readonly Argument<string> _mode = new Argument<string>("MODE") { Description = "host, device or flash" }.AcceptOnlyFromAmong("host", "device", "flash");
    private readonly Option<bool> _toBmc = new("--to-bmc") { Description = "To the board's controller instead of the USB-A port" };

    private SlotsCommand()
    {
        _downTime.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 1 and <= 60))
            {
                result.AddError($"--down-time is '{string.Join(' ', result.Tokens)}'; it takes 1 to 60 seconds.");
            }
        });
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (>= 1 and <= 600))
            {
                result.AddError($"--shutdown-limit is '{string.Join(' ', result.Tokens)}'; it takes 1 to 600 seconds.");
            }
        });
    }

    private delegate Task<IReadOnlyList<Slot>> Call(BmcService.BmcServiceClient client, ParseResult parsed, CallOptions options);

    public static Command Create()
    {
        var slots = new SlotsCommand().Build();
        foreach (var command in RecoveryCommand.Create())
        {
            slots.Subcommands.Add(command);
        }

        return slots;
    }

    private Command Build() => new("slots", "The board's slots: power, state, console")
    {
        New("list", "All slots and what is known of them", [], async (client, _, options) =>
            (await client.ListSlotsAsync(new ListSlotsRequest(), options)).Slots),
        _site.New("show", "One slot, and why it is in that state", [_slot], ShowAsync),
        _site.New("watch", "All slots, and then each change, until Ctrl-C", [], WatchAsync),
        New("on", "Power a slot on", [_slot], async (client, parsed, options) =>
            [(await client.PowerOnSlotAsync(new PowerOnSlotRequest { SlotNumber = parsed.GetValue(_slot) }, options)).Slot]),
        New("off", "Shut a slot's node down, then cut its power", [_slot, _cut, _critical, _limit], async (client, parsed, options) =>
            [(await client.PowerOffSlotAsync(OffRequest(parsed), Patient(parsed, options))).Slot]),
        New("restart", "Shut the node of a slot that is on down, then reset it", [_slot, _cut, _critical, _limit], async (client, parsed, options) =>
            [(await client.RestartSlotAsync(RestartRequest(parsed), Patient(parsed, options))).Slot]),
        New("cycle", "Shut a slot's node down and leave it without power for a while", [_slot, _downTime, _cut, _critical, _limit], async (client, parsed, options) =>
            [(await client.CycleSlotAsync(CycleRequest(parsed), Patient(parsed, options))).Slot]),
        _site.New("up", "Bring slots up in the order that they depend on each other", [_some], BringUpAsync),
        _site.New("down", "Shut slots down in the other order", [_some, _critical], ShutDownAsync),
        _site.New("console", "What a slot's serial console printed", [_slot, _follow], ConsoleAsync),
        _site.New("type", "Type a line at a slot's serial console", [_slot, _text], TypeAsync),
        _site.New("usb", "Lead the board's USB bus to a slot", [_slot, _mode, _toBmc], SelectUsbAsync),
    };

    private PowerOffSlotRequest OffRequest(ParseResult parsed) => new()
    {
        SlotNumber = parsed.GetValue(_slot),
        Cut = parsed.GetValue(_cut),
        AllowCritical = parsed.GetValue(_critical),
        ShutdownLimit = Limit(parsed),
    };

    private RestartSlotRequest RestartRequest(ParseResult parsed) => new()
    {
        SlotNumber = parsed.GetValue(_slot),
        Cut = parsed.GetValue(_cut),
        AllowCritical = parsed.GetValue(_critical),
        ShutdownLimit = Limit(parsed),
    };

    private CycleSlotRequest CycleRequest(ParseResult parsed) => new()
    {
        SlotNumber = parsed.GetValue(_slot),
        DownTime = Duration.FromTimeSpan(TimeSpan.FromSeconds(parsed.GetValue(_downTime))),
        Cut = parsed.GetValue(_cut),
        AllowCritical = parsed.GetValue(_critical),
        ShutdownLimit = Limit(parsed),
    };

    private Duration? Limit(ParseResult parsed) => parsed.GetValue(_limit) is { } seconds ? Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) : null;

    // The node's time to shut down, and the time without power, come on top of what an answer takes.
    private CallOptions Patient(ParseResult parsed, CallOptions options) =>
        options.WithDeadline(options.Deadline!.Value.AddSeconds(parsed.GetValue(_limit) ?? LongestShutdownSeconds).AddSeconds(parsed.GetValue(_downTime)));

    private Command New(string name, string description, Symbol[] symbols, Call call) => _site.New(name, description, symbols, async (calls, parsed, options) =>
    {
        var slots = await call(new BmcService.BmcServiceClient(calls), parsed, options);
        return (output, format) => SlotsWire.Print(output, format, slots);
    });

    private async Task<Action<TextWriter, OutputFormat>> ShowAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var answer = await new BmcService.BmcServiceClient(calls).GetSlotAsync(new GetSlotRequest { SlotNumber = parsed.GetValue(_slot) }, options);
        return (output, format) => SlotsWire.PrintOne(output, format, answer.Slot);
    }

    private async Task<int> WatchAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var (output, format) = (parsed.InvocationConfiguration.Output, _site.FormatOf(parsed));
        using var call = new BmcService.BmcServiceClient(calls).WatchHealth(new WatchHealthRequest(), options);
        SlotsWire.PrintHead(output, format);
        return await UntilStoppedAsync(call.ResponseStream, answer => SlotsWire.PrintRow(output, format, answer.Slot), options);
    }

    private async Task<int> BringUpAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        using var call = new BmcService.BmcServiceClient(calls).BringUpSlots(new BringUpSlotsRequest { SlotNumbers = { parsed.GetValue(_some) ?? [] } }, options);
        return await StepsAsync(call.ResponseStream.ReadAllAsync(options.CancellationToken).Select(answer => answer.Step), parsed);
    }

    private async Task<int> ShutDownAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var request = new ShutDownSlotsRequest { SlotNumbers = { parsed.GetValue(_some) ?? [] }, AllowCritical = parsed.GetValue(_critical) };
        using var call = new BmcService.BmcServiceClient(calls).ShutDownSlots(request, options);
        return await StepsAsync(call.ResponseStream.ReadAllAsync(options.CancellationToken).Select(answer => answer.Step), parsed);
    }

    private async Task<int> StepsAsync(IAsyncEnumerable<SlotStep> steps, ParseResult parsed)
    {
        var failed = false;
        await foreach (var step in steps)
        {
            SlotsWire.Print(parsed.InvocationConfiguration.Output, _site.FormatOf(parsed), step);
            failed |= step.State == SlotStep.Types.State.Failed;
        }

        return failed ? CommandLine.Failed : CommandLine.Done;
    }

    private async Task<int> ConsoleAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var output = parsed.InvocationConfiguration.Output;
        using var patience = new CancellationTokenSource(parsed.GetValue(_follow) ? Timeout.InfiniteTimeSpan : ConsoleQuiet);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, patience.Token);
        using var call = new BmcService.BmcServiceClient(calls).WatchConsole(new WatchConsoleRequest { SlotNumber = parsed.GetValue(_slot) }, options.WithCancellationToken(either.Token));
        var decoder = new ConsoleText();
        return await UntilStoppedAsync(call.ResponseStream, Show, options.WithCancellationToken(either.Token));

        void Show(WatchConsoleResponse answer)
        {
            SlotsWire.Print(output, _site.FormatOf(parsed), answer, decoder);
            if (!parsed.GetValue(_follow))
            {
                patience.CancelAfter(ConsoleQuiet);
            }
        }
    }

    private async Task<Action<TextWriter, OutputFormat>> TypeAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var (slot, text) = (parsed.GetValue(_slot), parsed.GetRequiredValue(_text));
        await new BmcService.BmcServiceClient(calls).WriteConsoleAsync(new WriteConsoleRequest { SlotNumber = slot, Input = ByteString.CopyFromUtf8(text) }, options);
        return (output, format) => SlotsWire.PrintDone(output, format, slot, "typed");
    }

    private async Task<Action<TextWriter, OutputFormat>> SelectUsbAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var slot = parsed.GetValue(_slot);
        var mode = parsed.GetRequiredValue(_mode) switch
        {
            "host" => SelectUsbRequest.Types.Mode.Host,
            "device" => SelectUsbRequest.Types.Mode.Device,
            _ => SelectUsbRequest.Types.Mode.Flash,
        };
        await new BmcService.BmcServiceClient(calls).SelectUsbAsync(new SelectUsbRequest { SlotNumber = slot, Mode = mode, RouteToBmc = parsed.GetValue(_toBmc) }, options);
        return (output, format) => SlotsWire.PrintDone(output, format, slot, "routed");
    }

    /// <summary>Reads until the stream ends or somebody stops it, which is no failure.</summary>
    private static async Task<int> UntilStoppedAsync<T>(IAsyncStreamReader<T> stream, Action<T> show, CallOptions options)
    {
        try
        {
            await foreach (var answer in stream.ReadAllAsync(options.CancellationToken))
            {
                show(answer);
            }
        }
        catch (Exception error) when (options.CancellationToken.IsCancellationRequested && error is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // Stopped.
        }

        return CommandLine.Done;
    }
}
