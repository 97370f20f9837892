using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Bmc.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using RecoveryPolicy = Appliance.Protos.Bmc.V1.RecoveryPolicy;

namespace Appliance.Bmc.Tests.Recovery;

public sealed class RecoveryGrpcServiceTests : IAsyncDisposable
{
    private readonly TestSite _site = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Policy_of_a_new_installation_cuts_power_and_writes_no_flash()
    {
        await StartAsync();

        var answer = await Client(PeerKind.Reader).GetRecoveryPolicyAsync(new GetRecoveryPolicyRequest(), cancellationToken: Token);

        Assert.Equal(
            new RecoveryPolicy { Etag = answer.Policy.Etag, DailyStepsCount = 6, PowerCycleAllowed = true },
            answer.Policy);
        Assert.Equal([1u, 2u, 3u, 4u], answer.Slots.Select(slot => slot.SlotNumber));
        Assert.All(answer.Slots, slot => Assert.False(slot.Quarantined));
    }

    [Fact]
    public async Task Policy_is_changed_by_its_etag_and_outlives_the_role()
    {
        var role = await StartAsync();
        var client = Client(PeerKind.Admin);
        var before = (await client.GetRecoveryPolicyAsync(new GetRecoveryPolicyRequest(), cancellationToken: Token)).Policy;
        var wanted = new RecoveryPolicy { Etag = before.Etag, DailyStepsCount = 3, ReflashAllowed = true, ExcludedSlotNumbers = { 4, 2, 4 } };

        var after = (await client.UpdateRecoveryPolicyAsync(new UpdateRecoveryPolicyRequest { Policy = wanted }, cancellationToken: Token)).Policy;
        var stale = await StatusAsync(() => client.UpdateRecoveryPolicyAsync(new UpdateRecoveryPolicyRequest { Policy = wanted }, cancellationToken: Token).ResponseAsync);
        await role.StopAsync(Token);
        await StartAsync();
        var later = (await client.GetRecoveryPolicyAsync(new GetRecoveryPolicyRequest(), cancellationToken: Token)).Policy;

        Assert.NotEqual(before.Etag, after.Etag);
        Assert.Equal(new RecoveryPolicy { Etag = after.Etag, DailyStepsCount = 3, ReflashAllowed = true, ExcludedSlotNumbers = { 2, 4 } }, after);
        Assert.Equal(StatusCode.Aborted, stale);
        Assert.Equal(after, later);
    }

    [Fact]
    public async Task Policy_without_an_etag_replaces_whatever_is_there_and_zero_steps_are_six()
    {
        await StartAsync();

        var answer = await Client(PeerKind.Admin).UpdateRecoveryPolicyAsync(new UpdateRecoveryPolicyRequest { Policy = new RecoveryPolicy { Disabled = true } }, cancellationToken: Token);

        Assert.Equal((true, 6u), (answer.Policy.Disabled, answer.Policy.DailyStepsCount));
    }

    [Fact]
    public async Task Policy_that_makes_no_sense_is_refused_by_its_field()
    {
        await StartAsync();
        var client = Client(PeerKind.Admin);
        Task UpdateAsync(RecoveryPolicy? policy) => client.UpdateRecoveryPolicyAsync(new UpdateRecoveryPolicyRequest { Policy = policy }, cancellationToken: Token).ResponseAsync;

        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(() => UpdateAsync(null)));
        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(() => UpdateAsync(new RecoveryPolicy { DailyStepsCount = 49 })));
        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(() => UpdateAsync(new RecoveryPolicy { ExcludedSlotNumbers = { 5 } })));
    }

    [Fact]
    public async Task Slot_that_is_in_no_quarantine_cannot_be_released()
    {
        await StartAsync();
        var client = Client(PeerKind.Operator);
        Task ReleaseAsync(uint slot) => client.ReleaseSlotAsync(new ReleaseSlotRequest { SlotNumber = slot }, cancellationToken: Token).ResponseAsync;

        Assert.Equal(StatusCode.FailedPrecondition, await StatusAsync(() => ReleaseAsync(2)));
        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(() => ReleaseAsync(0)));
    }

    [Fact]
    public async Task Slot_that_was_quarantined_in_an_earlier_life_is_shown_so_until_it_is_released()
    {
        var folder = Path.Combine(_site.State, "bmc");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "recovery.json"), """
            {"Revision":7,"Policy":{"DailySteps":6,"PowerCycleAllowed":true,"ExcludedSlots":[]},"Slots":[
             {"Slot":1,"Steps":[]},
             {"Slot":2,"Steps":[{"Time":"2026-11-30T10:00:00Z","Rung":"PowerCycle","Evidence":"silent","EndTime":"2026-11-30T10:03:30Z","Outcome":"it did not help within 210 s"}],
              "Quarantine":{"Time":"2026-11-30T10:04:00Z","Reason":"power cycle did not help"}},
             {"Slot":3,"Steps":[]},{"Slot":4,"Steps":[]}]}
            """, Token);
        await StartAsync();
        var client = Client(PeerKind.Operator);

        var slot = (await client.GetSlotAsync(new GetSlotRequest { SlotNumber = 2 }, cancellationToken: Token)).Slot;
        var shown = (await client.GetRecoveryPolicyAsync(new GetRecoveryPolicyRequest(), cancellationToken: Token)).Slots[1];
        await client.ReleaseSlotAsync(new ReleaseSlotRequest { SlotNumber = 2, Reason = "new power supply" }, cancellationToken: Token);
        var released = (await client.GetRecoveryPolicyAsync(new GetRecoveryPolicyRequest(), cancellationToken: Token)).Slots[1];
        var after = (await client.GetSlotAsync(new GetSlotRequest { SlotNumber = 2 }, cancellationToken: Token)).Slot;

        Assert.Equal(Slot.Types.State.Quarantined, slot.State);
        Assert.Equal("Quarantined since 2026-11-30 10:04:00Z: power cycle did not help.", slot.Evidence[0]);
        Assert.Equal((true, "power cycle did not help", RecoveryStep.Types.Kind.PowerCycle), (shown.Quarantined, shown.QuarantineReason, shown.Steps.Single().Kind));
        Assert.Equal((false, 0), (released.Quarantined, released.Steps.Count));
        Assert.NotEqual(Slot.Types.State.Quarantined, after.State);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static async Task<StatusCode> StatusAsync(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).StatusCode;

    private BmcService.BmcServiceClient Client(PeerKind kind) => new(_site.Channel(Role.Bmc, _site.Person(kind)));

    private Task<WebApplication> StartAsync() => _site.StartAsync(Role.Bmc, builder => builder.AddBmc(), app => app.MapBmc(), ("Bmc:Board:Simulate", "2.3.7"));
}
