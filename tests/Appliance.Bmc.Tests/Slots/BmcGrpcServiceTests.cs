using Appliance.Bmc.Board;
using Appliance.Hosting;
using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Appliance.Protos.Bmc.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Mode = Appliance.Protos.Bmc.V1.SelectUsbRequest.Types.Mode;
using Power = Appliance.Protos.Bmc.V1.Slot.Types.Power;
using SlotStep = Appliance.Protos.Bmc.V1.SlotStep;
using State = Appliance.Protos.Bmc.V1.Slot.Types.State;
using Step = Appliance.Protos.Bmc.V1.SlotStep.Types.State;

namespace Appliance.Bmc.Tests.Slots;

[Trait("Category", "Slow")]
public sealed class BmcGrpcServiceTests
{
    private static readonly (string, string?)[] Simulated = [("Bmc:Board:Simulate", "2.3.7"), ("Bmc:Slots:Slot1:Name", "router"), ("Bmc:Slots:Slot1:Module", "cm4")];

    [Fact]
    public async Task Board_is_told_with_its_versions_and_as_simulated()
    {
        await using var site = new TestSite();
        await StartAsync(site, Simulated);

        var answer = await Client(site, PeerKind.Reader).GetBoardAsync(new GetBoardRequest());

        var board = answer.Board;
        Assert.Equal(("2.5.1", "2.3.7", "2.1.0", true, true), (board.Model, board.DaemonVersion, board.FirmwareVersion, board.Simulated, board.Reachable));
        Assert.Equal("system fan", Assert.Single(board.Fans).Device);
        Assert.NotEmpty(board.Addresses);
        Assert.NotEmpty(board.Volumes);
        Assert.Equal((32, false), (board.CertificateSha256.Length, board.HasDefaultPassword));
        Assert.True(board.CertificateExpireTime.ToDateTimeOffset() > TimeProvider.System.GetUtcNow());
        Assert.Equal((1u, Mode.Device, false), (board.UsbRoute.SlotNumber, board.UsbRoute.Mode, board.UsbRoute.RoutedToBmc));
    }

    [Fact]
    public async Task Fan_usb_and_console_go_to_the_board()
    {
        await using var site = new TestSite();
        await StartAsync(site, Simulated);
        var client = Client(site, PeerKind.Admin);

        await client.SetFanAsync(new SetFanRequest { SpeedPercent = 100 });
        await client.SelectUsbAsync(new SelectUsbRequest { SlotNumber = 2, Mode = Mode.Device, RouteToBmc = true });
        var board = (await client.GetBoardAsync(new GetBoardRequest())).Board;
        using var watch = client.WatchConsole(new WatchConsoleRequest { SlotNumber = 1 });
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        var held = watch.ResponseStream.Current.Output.ToStringUtf8();
        await client.WriteConsoleAsync(new WriteConsoleRequest { SlotNumber = 1, Input = ByteString.CopyFromUtf8("uname -a\n") });
        await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        Assert.Equal((6u, 6u), (board.Fans[0].Step, board.Fans[0].MaxStep));
        Assert.Equal((2u, Mode.Device, true), (board.UsbRoute.SlotNumber, board.UsbRoute.Mode, board.UsbRoute.RoutedToBmc));
        Assert.EndsWith("slot1 login: ", held, StringComparison.Ordinal);
        Assert.Equal("uname -a\r\n", watch.ResponseStream.Current.Output.ToStringUtf8());
    }

    [Fact]
    public async Task Usb_mode_that_is_none_is_an_invalid_argument()
    {
        await using var site = new TestSite();
        await StartAsync(site, Simulated);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => Client(site, PeerKind.Admin).SelectUsbAsync(new SelectUsbRequest { SlotNumber = 2 }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Slots_are_listed_in_order_with_names_and_states()
    {
        await using var site = new TestSite();
        await StartAsync(site, Simulated);

        var answer = await Client(site, PeerKind.Reader).ListSlotsAsync(new ListSlotsRequest());

        Assert.Equal(
            [(1u, State.Powered, "router"), (2u, State.Powered, ""), (3u, State.Powered, ""), (4u, State.Off, "")],
            answer.Slots.Select(slot => (slot.Number, slot.State, slot.Name)));
        Assert.Equal("cm4", answer.Slots[0].Module);
        Assert.Null(answer.Slots[3].Uptime);
    }

    [Fact]
    public async Task Power_goes_off_and_on_by_the_number_on_the_board()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, Simulated);
        var client = Client(site, PeerKind.Operator);

        var off = await client.PowerOffSlotAsync(new PowerOffSlotRequest { SlotNumber = 2 });
        var rails = PoweredSlots(app);
        var got = await client.GetSlotAsync(new GetSlotRequest { SlotNumber = 2 });
        var on = await client.PowerOnSlotAsync(new PowerOnSlotRequest { SlotNumber = 2 });

        Assert.Equal((State.Off, State.Off, State.Powered), (off.Slot.State, got.Slot.State, on.Slot.State));
        Assert.Equal((0b0101, 0b0111), (rails, PoweredSlots(app)));
        Assert.True(on.Slot.Uptime.ToTimeSpan() < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Cycle_ends_powered()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, Simulated);

        var answer = await Client(site, PeerKind.Operator).CycleSlotAsync(
            new CycleSlotRequest { SlotNumber = 1, DownTime = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });

        Assert.Equal(State.Powered, answer.Slot.State);
        Assert.Equal(0b0111, PoweredSlots(app));
    }

    [Fact]
    public async Task Restart_of_a_slot_that_is_on_succeeds()
    {
        await using var site = new TestSite();
        await StartAsync(site, Simulated);

        var answer = await Client(site, PeerKind.Operator).RestartSlotAsync(new RestartSlotRequest { SlotNumber = 1 });

        Assert.Equal(State.Powered, answer.Slot.State);
    }

    [Fact]
    public async Task Restart_of_a_slot_that_is_off_is_a_failed_precondition()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, Simulated);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => Client(site, PeerKind.Operator).RestartSlotAsync(new RestartSlotRequest { SlotNumber = 4 }).ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("SLOT_OFF", error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        Assert.Equal(0b0111, PoweredSlots(app));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(5u)]
    public async Task Slot_that_is_not_there_is_an_invalid_argument(uint number)
    {
        await using var site = new TestSite();
        await StartAsync(site, Simulated);
        var client = Client(site, PeerKind.Operator);

        Func<Task>[] calls =
        [
            () => client.GetSlotAsync(new GetSlotRequest { SlotNumber = number }).ResponseAsync,
            () => client.PowerOnSlotAsync(new PowerOnSlotRequest { SlotNumber = number }).ResponseAsync,
            () => client.PowerOffSlotAsync(new PowerOffSlotRequest { SlotNumber = number }).ResponseAsync,
            () => client.RestartSlotAsync(new RestartSlotRequest { SlotNumber = number }).ResponseAsync,
            () => client.CycleSlotAsync(new CycleSlotRequest { SlotNumber = number }).ResponseAsync,
        ];

        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.Equal($"slot_number: slot {number} does not exist; the board has slots 1 to 4.", error.Status.Detail);
        }
    }

    [Fact]
    public async Task Down_time_out_of_bounds_is_an_invalid_argument_and_cuts_nothing()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, Simulated);

        var error = await Assert.ThrowsAsync<RpcException>(() => Client(site, PeerKind.Operator)
            .CycleSlotAsync(new CycleSlotRequest { SlotNumber = 1, DownTime = new Duration { Seconds = 61 } }).ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, "down_time: 61 s 0 ns is not from 1 s to 60 s."), (error.StatusCode, error.Status.Detail));
        Assert.Equal(0b0111, PoweredSlots(app));
    }

    [Fact]
    public async Task Reader_may_look_and_not_switch()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, Simulated);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => Client(site, PeerKind.Reader).PowerOffSlotAsync(new PowerOffSlotRequest { SlotNumber = 1 }).ResponseAsync);

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Equal(0b0111, PoweredSlots(app));
    }

    [Fact]
    public async Task Guarded_slot_is_cut_only_by_a_call_that_says_so()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, [.. Simulated, ("Bmc:Slots:Slot1:Critical", "true")]);
        var client = Client(site, PeerKind.Operator);

        var error = await Assert.ThrowsAsync<RpcException>(() => client.PowerOffSlotAsync(new PowerOffSlotRequest { SlotNumber = 1 }).ResponseAsync);
        var refused = PoweredSlots(app);
        var answer = await client.PowerOffSlotAsync(new PowerOffSlotRequest { SlotNumber = 1, AllowCritical = true });

        Assert.Equal((StatusCode.FailedPrecondition, "SLOT_CRITICAL"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        Assert.Equal((0b0111, 0b0110), (refused, PoweredSlots(app)));
        Assert.Equal((true, State.Off), (answer.Slot.Critical, answer.Slot.State));
        Assert.Equal((Power.Off, Power.Off), (answer.Slot.Power, answer.Slot.DesiredPower));
    }

    [Fact]
    public async Task Shutdown_limit_out_of_bounds_is_an_invalid_argument_and_cuts_nothing()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, Simulated);

        var error = await Assert.ThrowsAsync<RpcException>(() => Client(site, PeerKind.Operator)
            .PowerOffSlotAsync(new PowerOffSlotRequest { SlotNumber = 1, ShutdownLimit = new Duration { Seconds = 601 } }).ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, "shutdown_limit: 601 s 0 ns is not from 1 s to 600 s."), (error.StatusCode, error.Status.Detail));
        Assert.Equal(0b0111, PoweredSlots(app));
    }

    [Fact]
    public async Task Slots_go_down_and_come_up_in_order_and_every_step_is_told()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, [.. Simulated, ("Bmc:Slots:Slot2:After:0", "1"), ("Bmc:Slots:Slot3:After:0", "2")]);
        var client = Client(site, PeerKind.Operator);

        using var down = client.ShutDownSlots(new ShutDownSlotsRequest { SlotNumbers = { 1 } });
        var off = await down.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).Select(answer => answer.Step).ToListAsync(TestContext.Current.CancellationToken);
        var rails = PoweredSlots(app);
        using var up = client.BringUpSlots(new BringUpSlotsRequest());
        var on = await up.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).Select(answer => answer.Step).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 0b0111), (rails, PoweredSlots(app)));
        Assert.Equal([(3u, Step.Succeeded), (2u, Step.Succeeded), (1u, Step.Succeeded)], Ends(off));
        Assert.Equal([(1u, Step.Succeeded), (2u, Step.Succeeded), (3u, Step.Succeeded)], Ends(on));
        Assert.All(on, step => Assert.NotNull(step.Time));
    }

    [Fact]
    public async Task Slot_that_somebody_switches_at_the_board_is_restored_where_that_is_asked_for()
    {
        await using var site = new TestSite();
        var app = await StartAsync(
            site, [.. Simulated, ("Bmc:Slots:Drift", "Restore"), ("Bmc:Slots:PollInterval", "00:00:01"), ("Bmc:Slots:RestoreAfter", "00:00:01")]);
        var client = Client(site, PeerKind.Operator);
        await client.ListSlotsAsync(new ListSlotsRequest());

        var stand = app.Services.GetRequiredService<StandInBoard>().Board!;
        await stand.Hardware.ActivateAsync(0b0000, 0b0010, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => stand.PoweredSlots == 0b0101);
        await Clocks.UntilAsync(() => stand.PoweredSlots == 0b0111);

        var told = app.Services.GetRequiredService<EventLog>().After("", 0).Events;
        Assert.Contains(told, one => one.Part == "slots" && one.Text.StartsWith("Slot 2 is off, but was ordered on.", StringComparison.Ordinal));
        Assert.Contains(told, one => one.Audit is { Action: "RestorePower", Subject: "slot_number=2", Allowed: true });
    }

    [Fact]
    public async Task Watcher_sees_every_slot_and_then_the_change()
    {
        await using var site = new TestSite();
        var app = await StartAsync(site, Simulated);
        var client = Client(site, PeerKind.Operator);
        await client.ListSlotsAsync(new ListSlotsRequest());
        using var watch = client.WatchHealth(new WatchHealthRequest());
        List<(uint, State)> seen = [];
        for (var snapshot = 0; snapshot < 4; snapshot++)
        {
            seen.Add(await NextAsync(watch.ResponseStream));
        }

        await client.PowerOffSlotAsync(new PowerOffSlotRequest { SlotNumber = 3 });
        var change = await NextAsync(watch.ResponseStream);

        Assert.Equal([(1u, State.Powered), (2u, State.Powered), (3u, State.Powered), (4u, State.Off)], seen);
        Assert.Equal((3u, State.Off), change);
    }

    [Fact]
    public async Task Role_starts_and_tells_when_its_board_does_not_answer()
    {
        await using var site = new TestSite();
        await StartAsync(site, [("Bmc:Board:Address", $"https://127.0.0.1:{FreePorts.Take()}"), ("Bmc:Board:Fingerprint", new string('A', 64)), ("Bmc:Board:PasswordFile", "/dev/null")]);
        var client = Client(site, PeerKind.Operator);

        var board = await client.GetBoardAsync(new GetBoardRequest());
        var slots = await client.ListSlotsAsync(new ListSlotsRequest());
        var error = await Assert.ThrowsAsync<RpcException>(() => client.PowerOnSlotAsync(new PowerOnSlotRequest { SlotNumber = 1 }).ResponseAsync);
        var health = await new Health.HealthClient(site.Channel(Role.Bmc, site.Person(PeerKind.Reader))).CheckAsync(new HealthCheckRequest());

        Assert.Equal((false, false), (board.Board.Reachable, board.Board.Simulated));
        Assert.All(slots.Slots, slot => Assert.Equal(State.Unreachable, slot.State));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task Role_without_a_board_says_what_to_set()
    {
        await using var site = new TestSite();
        await StartAsync(site, []);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => Client(site, PeerKind.Operator).PowerOnSlotAsync(new PowerOnSlotRequest { SlotNumber = 1 }).ResponseAsync);

        Assert.Equal(
            (StatusCode.Unavailable, "No board is configured; set Bmc:Board:Address and Fingerprint, or Simulate for a simulated one."),
            (error.StatusCode, error.Status.Detail));
    }

    private static Task<WebApplication> StartAsync(TestSite site, (string, string?)[] settings) =>
        site.StartAsync(Role.Bmc, builder => builder.AddBmc(), app => app.MapBmc(), settings);

    private static BmcService.BmcServiceClient Client(TestSite site, PeerKind kind) => new(site.Channel(Role.Bmc, site.Person(kind)));

    private static IEnumerable<(uint, Step)> Ends(IEnumerable<SlotStep> steps) =>
        steps.Where(step => step.State is not Step.Switching).Select(step => (step.SlotNumber, step.State));

    private static int PoweredSlots(WebApplication app) => app.Services.GetRequiredService<StandInBoard>().Board!.PoweredSlots;

    private static async Task<(uint Number, State State)> NextAsync(IAsyncStreamReader<WatchHealthResponse> stream)
    {
        await stream.MoveNext(TestContext.Current.CancellationToken);
        return (stream.Current.Slot.Number, stream.Current.Slot.State);
    }
}
