using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Power;
using Appliance.Hosting.Updates;
using Appliance.Protos.Node.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests.Updates;

/// <summary>The whole way over gRPC, with the real rauc, its service and a real U-Boot environment; only the machine and its bootloader are played.</summary>
public sealed class RaucTargetTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly RecordingPower _machine = new();

    [Fact]
    public async Task Update_is_written_to_the_other_slot_activated_and_kept_when_its_health_answers()
    {
        await using var bench = await RaucBench.StartAsync();
        await JudgeAsync(bench, serves: true);
        await StartAsync(bench);
        var client = Client();

        var installed = (await client.SendAsync(bench.Bundle("1.1.0"))).Update;
        var orderAfterInstall = bench.Variable("BOOT_ORDER");
        await client.ActivateUpdateAsync(new ActivateUpdateRequest { Version = "1.1.0" });

        Assert.Equal(("1.1.0", "B"), (installed.Version, installed.Slot));
        Assert.Equal(RaucBench.Payload("1.1.0"), bench.Slot("B")[..RaucBench.Payload("1.1.0").Length]);
        Assert.Equal("A", orderAfterInstall);
        Assert.Equal(("B A", "2"), (bench.Variable("BOOT_ORDER"), bench.Variable("BOOT_B_LEFT")));
        Assert.Equal(["reboot"], _machine.Asked);
        Assert.Contains("Version 1.1.0 lies whole in slot B and waits to be activated.", await client.EventsAsync("update"));

        await bench.BootAsync(bench.ChooseSlot(), "1.1.0");
        var verdict = await JudgeAsync(bench, serves: true);

        Assert.Equal(BootVerdict.ProvedGood, verdict);
        Assert.Equal("2", bench.Variable("BOOT_B_LEFT"));
        Assert.Equal("1.1.0", GoodVersions.Read(bench.Paths)!.Floor);
    }

    [Fact]
    public async Task Update_that_does_not_come_up_is_tried_twice_and_the_old_slot_says_so()
    {
        await using var bench = await RaucBench.StartAsync();
        await JudgeAsync(bench, serves: true);
        var before = await StartAsync(bench);
        await Client().SendAsync(bench.Bundle("1.1.0"));
        await Client().ActivateUpdateAsync(new ActivateUpdateRequest { Version = "1.1.0" });

        var booted = new List<string>();
        for (var boot = 0; boot < 3; boot++)
        {
            booted.Add(bench.ChooseSlot());
            await bench.BootAsync(booted[^1], booted[^1] == "B" ? "1.1.0" : "1.0.0");
            await JudgeAsync(bench, serves: booted[^1] == "A");
        }

        await before.StopAsync(TestContext.Current.CancellationToken);
        var restarted = await StartAsync(bench);
        Assert.Equal(["B", "B", "A"], booted);
        Assert.Equal("1.0.0", GoodVersions.Read(bench.Paths)!.Floor);
        Assert.Contains(await Client().EventsAsync("update"), text => text.Contains("Version 1.0.0 runs in slot A again: version 1.1.0 in slot B did not prove itself", StringComparison.Ordinal));
        Assert.Equal(PartState.Degraded, restarted.Services.GetRequiredService<HealthBoard>().Snapshot.Single(part => part.Part == "image").State);
    }

    [Fact]
    public async Task Power_cut_in_mid_write_leaves_the_running_slot_bootable_and_the_other_not()
    {
        await using var bench = await RaucBench.StartAsync();
        await StartAsync(bench);
        await using var held = bench.HoldWriteTo("B");

        var sending = Client().SendAsync(bench.Bundle("1.1.0"));
        // Its first byte: rauc has begun, and the pipe keeps it from ending.
        await held.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        bench.Kill();
        var error = await Assert.ThrowsAsync<RpcException>(() => sending);
        await bench.BootAsync(bench.ChooseSlot(), "1.0.0");
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await Client().ActivateUpdateAsync(new ActivateUpdateRequest { Version = "1.1.0" }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal(("A", "0"), (bench.Variable("BOOT_ORDER"), bench.Variable("BOOT_B_LEFT")));
        Assert.Equal("NOT_INSTALLED", refused.Reason());
    }

    [Fact]
    public async Task Second_update_is_refused_while_one_is_being_written()
    {
        await using var bench = await RaucBench.StartAsync();
        await StartAsync(bench);
        await using var held = bench.HoldWriteTo("B");
        var bundle = bench.Bundle("1.1.0");
        var sending = Client().SendAsync(bundle);
        await held.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);

        var second = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(bundle));
        var activation = await Assert.ThrowsAsync<RpcException>(async () => await Client().ActivateUpdateAsync(new ActivateUpdateRequest { Version = "1.1.0" }));
        bench.Kill();
        await Assert.ThrowsAsync<RpcException>(() => sending);

        Assert.Equal(("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"), (second.Reason(), activation.Reason()));
    }

    [Theory]
    [InlineData("1.1.0", "appliance-virt", "stranger", "WRONG_SIGNATURE")]
    [InlineData("1.1.0", "appliance-cm4", "update", "WRONG_COMPATIBLE")]
    [InlineData("0.9.0", "appliance-virt", "update", "VERSION_TOO_OLD")]
    [InlineData("1.0.0-rc1", "appliance-virt", "update", "VERSION_TOO_OLD")]
    [InlineData("newest", "appliance-virt", "update", "VERSION_UNKNOWN")]
    public async Task Bundle_that_is_not_for_this_node_is_refused_and_nothing_is_written(string version, string compatible, string signer, string reason)
    {
        await using var bench = await RaucBench.StartAsync();
        await StartAsync(bench);

        var error = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(bench.Bundle(version, compatible, signer)));

        Assert.Equal((StatusCode.FailedPrecondition, reason), (error.StatusCode, error.Reason()));
        AssertUntouched(bench);
    }

    [Fact]
    public async Task Bundle_with_a_changed_byte_is_refused()
    {
        await using var bench = await RaucBench.StartAsync();
        await StartAsync(bench);
        var bundle = bench.Bundle("1.1.0");
        bundle[200] ^= 1;

        var error = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(bundle));

        Assert.Equal("WRONG_SIGNATURE", error.Reason());
        AssertUntouched(bench);
    }

    [Fact]
    public async Task File_that_is_no_bundle_is_refused()
    {
        await using var bench = await RaucBench.StartAsync();
        await StartAsync(bench);

        var error = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(new byte[5000]));

        Assert.Equal("BUNDLE_DAMAGED", error.Reason());
    }

    [Fact]
    public async Task Version_that_once_ran_well_is_the_floor_even_when_an_older_one_runs()
    {
        await using var bench = await RaucBench.StartAsync();
        GoodVersions.With(null, "B", "1.5.0").Write(bench.Paths);
        await StartAsync(bench);

        var error = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(bench.Bundle("1.1.0")));

        Assert.Equal("VERSION_TOO_OLD", error.Reason());
        Assert.Contains("1.5.0", error.Status.Detail, StringComparison.Ordinal);
        AssertUntouched(bench);
    }

    [Theory]
    [InlineData("", "A", "SLOT_RUNS")]
    [InlineData("0.1.0", "", "VERSION_TOO_OLD")]
    [InlineData("9.9.9", "B", "INVALID_INPUT")]
    public async Task Header_that_does_not_fit_is_refused(string version, string slot, string reason)
    {
        await using var bench = await RaucBench.StartAsync();
        await StartAsync(bench);
        var bundle = bench.Bundle("1.1.0");

        var error = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(bundle, new Update { Version = version, Slot = slot }, System.Security.Cryptography.SHA256.HashData(bundle)));

        Assert.Equal(reason, error.Reason());
        AssertUntouched(bench);
    }

    [Fact]
    public async Task Image_that_the_slot_does_not_hold_is_refused()
    {
        await using var bench = await RaucBench.StartAsync();
        await StartAsync(bench);
        File.Delete(bench.FileOf("root-B"));

        var error = await Assert.ThrowsAsync<RpcException>(() => Client().SendAsync(bench.Bundle("1.1.0")));

        Assert.Equal("INSTALL_FAILED", error.Reason());
        Assert.Equal("A", bench.ChooseSlot());
    }

    [Fact]
    public async Task Node_that_may_not_reboot_stays_in_its_slot()
    {
        await using var bench = await RaucBench.StartAsync();
        await _site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(bench.Paths), _ => { });
        await Client().SendAsync(bench.Bundle("1.1.0"));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client().ActivateUpdateAsync(new ActivateUpdateRequest { Version = "1.1.0" }));

        Assert.Equal("NOT_PERMITTED", error.Reason());
        Assert.Equal("A", bench.ChooseSlot());
    }

    [Fact]
    public async Task System_asks_before_a_slot_is_touched_whoever_asks_its_service()
    {
        await using var bench = await RaucBench.StartAsync(isChecked: true);
        var rauc = new RaucProgram(bench.Paths, TimeProvider.System);
        File.WriteAllBytes(bench.FileOf("old.raucb"), bench.Bundle("0.9.0"));

        var error = await Assert.ThrowsAnyAsync<ApplianceException>(() => rauc.InstallAsync(bench.FileOf("old.raucb"), _ => { }, TestContext.Current.CancellationToken));

        Assert.Equal("INSTALL_FAILED", error.Reason);
        Assert.Equal("update check-version 0.9.0", File.ReadAllText(bench.FileOf("asked")).Trim());
        AssertUntouched(bench);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static void AssertUntouched(RaucBench bench)
    {
        Assert.All(bench.Slot("B"), one => Assert.Equal(0, one));
        Assert.Equal("A B", bench.Variable("BOOT_ORDER"));
    }

    private static Task<BootVerdict> JudgeAsync(RaucBench bench, bool serves)
    {
        var clock = new LeapingClock();
        return new BootTrial(bench.Paths, _ => Task.FromResult(serves), new RaucProgram(bench.Paths, TimeProvider.System).MarkGoodAsync, clock).JudgeAsync(TestContext.Current.CancellationToken);
    }

    private Task<WebApplication> StartAsync(RaucBench bench) =>
        _site.StartAsync(Role.Router, builder => builder.Services.AddSingleton(bench.Paths).AddSingleton<IMachinePower>(_machine), _ => { });

    private NodeService.NodeServiceClient Client() => new(_site.Channel(Role.Router, _site.Person(PeerKind.Admin)));
}
