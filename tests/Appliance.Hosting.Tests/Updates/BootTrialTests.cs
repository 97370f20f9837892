using Appliance.Hosting.Errors;
using Appliance.Hosting.Updates;
using Appliance.Tests.Shared;

namespace Appliance.Hosting.Tests.Updates;

public sealed class BootTrialTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LeapingClock _clock = new();
    private int _marked;

    private UpdatePaths Paths => new() { Image = _folder.File("image.json"), CommandLine = _folder.File("cmdline"), Shared = _folder.File("shared") };

    [Fact]
    public async Task Image_on_trial_is_kept_when_its_health_answers_for_long_enough_and_raises_the_floor()
    {
        Boot("B", "1.1.0");
        GoodVersions.With(null, "A", "1.0.0").Write(Paths);

        var verdict = await JudgeAsync(_ => true);

        Assert.Equal((BootVerdict.ProvedGood, 1), (verdict, _marked));
        Assert.Equal(("1.1.0", "1.0.0", "1.1.0"), (GoodVersions.Read(Paths)!.Floor, GoodVersions.Read(Paths)!.Slots["A"], GoodVersions.Read(Paths)!.Slots["B"]));
        Assert.True(_clock.GetElapsedTime(0) >= BootTrial.Steady);
    }

    [Fact]
    public async Task Image_whose_health_comes_and_goes_is_given_up_and_the_floor_stays()
    {
        Boot("B", "1.1.0");
        GoodVersions.With(null, "A", "1.0.0").Write(Paths);

        // Well for 20 s at a time, which is what a role looks like that fails at its start again and again.
        var verdict = await JudgeAsync(look => look % 11 != 0);

        Assert.Equal((BootVerdict.Bad, 0), (verdict, _marked));
        Assert.Equal("1.0.0", GoodVersions.Read(Paths)!.Floor);
        Assert.True(_clock.GetElapsedTime(0) >= BootTrial.Deadline);
    }

    [Fact]
    public async Task Fresh_disk_is_good_at_once_since_its_enrolment_may_take_days()
    {
        Boot("A", "1.0.0");

        var verdict = await JudgeAsync(_ => false);

        Assert.Equal((BootVerdict.KnownGood, 1, "1.0.0"), (verdict, _marked, GoodVersions.Read(Paths)!.Floor));
    }

    [Fact]
    public async Task Image_that_proved_itself_is_not_given_up_for_a_fault_that_came_later()
    {
        Boot("A", "1.0.0");
        GoodVersions.With(null, "A", "1.0.0").Write(Paths);

        var verdict = await JudgeAsync(_ => false);

        Assert.Equal((BootVerdict.KnownGood, 1), (verdict, _marked));
    }

    [Fact]
    public async Task Floor_never_sinks_when_an_older_slot_proves_itself()
    {
        Boot("B", "1.1.0");
        GoodVersions.With(null, "A", "2.0.0").Write(Paths);

        await JudgeAsync(_ => true);

        Assert.Equal("2.0.0", GoodVersions.Read(Paths)!.Floor);
    }

    [Fact]
    public async Task Damaged_list_of_what_is_good_costs_no_reboot()
    {
        Boot("A", "1.0.0");
        Directory.CreateDirectory(Paths.Shared);
        await File.WriteAllTextAsync(Paths.Good, "{", TestContext.Current.CancellationToken);

        var verdict = await JudgeAsync(_ => false);

        Assert.Equal((BootVerdict.KnownGood, "1.0.0"), (verdict, GoodVersions.Read(Paths)!.Floor));
    }

    [Fact]
    public async Task Bootloader_that_cannot_be_told_costs_what_is_known_good_no_reboot()
    {
        Boot("A", "1.0.0");

        var trial = new BootTrial(Paths, _ => Task.FromResult(false), _ => throw new UnreachableException("rauc is away."), _clock);

        var verdict = await trial.JudgeAsync(TestContext.Current.CancellationToken);

        Assert.Equal((BootVerdict.Unmarked, "rauc is away."), (verdict, trial.Fault));
    }

    [Fact]
    public async Task Node_without_an_image_has_nothing_to_judge()
    {
        var verdict = await JudgeAsync(_ => false);

        Assert.Equal((BootVerdict.NoImage, 0), (verdict, _marked));
    }

    [Fact]
    public void What_is_good_is_readable_by_the_roles_and_written_by_its_owner_alone()
    {
        Directory.CreateDirectory(Paths.Shared, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        GoodVersions.With(null, "A", "1.0.0").Write(Paths);

        Assert.True(File.GetUnixFileMode(Paths.Shared).HasFlag(UnixFileMode.OtherRead | UnixFileMode.OtherExecute));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(Paths.Good));
    }

    public void Dispose() => _folder.Dispose();

    private void Boot(string slot, string version)
    {
        File.WriteAllText(Paths.CommandLine, $"console=ttyAMA0 rauc.slot={slot}\n");
        File.WriteAllText(Paths.Image, $$"""{"version":"{{version}}","target":"virt","compatible":"appliance-virt"}""");
    }

    private Task<BootVerdict> JudgeAsync(Func<int, bool> serves)
    {
        var look = 0;
        return new BootTrial(
            Paths,
            _ => Task.FromResult(serves(++look)),
            _ =>
            {
                _marked++;
                return Task.CompletedTask;
            },
            _clock).JudgeAsync(TestContext.Current.CancellationToken);
    }
}
