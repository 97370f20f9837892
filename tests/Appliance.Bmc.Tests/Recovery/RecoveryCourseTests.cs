using Appliance.Bmc.Board;
using Appliance.Bmc.Recovery;

namespace Appliance.Bmc.Tests.Recovery;

[Trait("Category", "Slow")]
public sealed class RecoveryCourseTests
{
    private const int DailySteps = 16;

    private static readonly SlotNumber[] Slots = [RecoveryRig.Slot1, RecoveryRig.Slot2];

    /// <summary>Whatever befalls nodes, board and the role itself, which has hardly any patience here: one node at a time, no more than the steps of a day, and nothing that the audit does not have.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task No_course_of_events_has_two_nodes_treated_at_once_or_a_step_unwritten(int seed)
    {
        var random = new Random(seed);
        await using var rig = await RecoveryRig.StartAsync();
        rig.Options.Patience = TimeSpan.FromSeconds(10);
        rig.Options.FirstPause = rig.Options.LongestPause = TimeSpan.FromSeconds(1);
        rig.Options.StableTime = TimeSpan.FromSeconds(10);
        rig.Ledger.Update(RecoveryPolicy.Default with { DailySteps = DailySteps }, "");
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        for (var turn = 0; turn < 40; turn++)
        {
            await BefallAsync(rig, random);
            await rig.PassAsync(TimeSpan.FromSeconds(random.Next(10, 150)));
        }

        // A daemon that is killed before it has stored a power-on takes it back when it starts; that is mended like any cut that was not finished.
        await rig.PassUntilAsync(() => rig.Board.Board.PoweredSlots == 0b0011, TimeSpan.FromMinutes(15));
        var steps = Slots.SelectMany(slot => rig.Journal.Of(slot).Steps.Select(step => (Slot: slot, Step: step))).OrderBy(one => one.Step.Time).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.True(pair.First.Step.EndTime <= pair.Second.Step.Time, $"{pair.First} and {pair.Second}"));
        Assert.All(Slots, slot => Assert.True(rig.Journal.Of(slot).Steps.Count <= DailySteps));
        Assert.Equal(
            steps.Select(one => $"RecoverSlot slot_number={one.Slot} step={RungWords.Of(one.Step.Rung).Replace(' ', '-')}"),
            rig.Audit.Where(line => line.StartsWith("RecoverSlot", StringComparison.Ordinal) && !line.EndsWith("power-on", StringComparison.Ordinal)));
    }

    private static async Task BefallAsync(RecoveryRig rig, Random random)
    {
        var slot = Slots[random.Next(Slots.Length)];
        switch (random.Next(6))
        {
            case 0:
                await rig.RestartAsync();
                break;
            case 1:
                await rig.Board.Board.RestartDaemonAsync(orderly: random.Next(2) == 0, TimeSpan.Zero, TestContext.Current.CancellationToken);
                break;
            case 2:
                using (rig.Rig.Leases.Take(slot, "power off", "spiffe://home/operator/alice"))
                {
                    await rig.PassAsync(TimeSpan.FromMinutes(1));
                }

                break;
            default:
                rig.Nodes.Run(slot, (HangDepth)random.Next((int)HangDepth.Flash));
                break;
        }
    }
}
