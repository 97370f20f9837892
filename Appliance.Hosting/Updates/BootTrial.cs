using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>Judges the image that was booted: kept when the role's health answers for long enough, given up when it does not in time.</summary>
/// <param name="paths">Where the image and the verdicts lie.</param>
/// <param name="isServing">Asks the role once.</param>
/// <param name="markGood">Gives the slot all its tries again.</param>
/// <param name="clock">For how long.</param>
public sealed class BootTrial(UpdatePaths paths, Func<CancellationToken, Task<bool>> isServing, Func<CancellationToken, Task> markGood, TimeProvider clock)
{
    /// <summary>Longer than a role that fails at its start and is started again seems well.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);

    /// <summary>From the start of the judge. A cold start took 46 s in a guest without any acceleration.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Why the bootloader could not be told; empty where it was.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>One that has the bootloader told by RAUC.</summary>
    public static BootTrial ByRauc(UpdatePaths paths, Func<CancellationToken, Task<bool>> isServing, TimeProvider clock) =>
        new(paths, isServing, new RaucProgram(paths, clock).MarkGoodAsync, clock);

    /// <summary>Ends with the verdict; what is good is written down.</summary>
    public async Task<BootVerdict> JudgeAsync(CancellationToken token)
    {
        if (NodeImage.Read(paths) is not { } image)
        {
            return BootVerdict.NoImage;
        }

        var (slot, good) = (NodeImage.ReadSlot(paths), GoodVersions.Read(paths));
        // A fresh disk has nothing to fall back to, and waits for its enrolment as long as people take;
        // one that proved itself is not given up for a fault that came later: the older slot has it, too, or worse.
        var isKnown = good is null || good.Slots.GetValueOrDefault(slot) == image.Version;
        if (!isKnown && !await new HealthTrial(isServing, clock).PassesAsync(token))
        {
            return BootVerdict.Bad;
        }

        try
        {
            await markGood(token);
        }
        catch (ApplianceException failure) when (isKnown)
        {
            // Not worth a reboot, which would cost another try.
            Fault = failure.Message;
            return BootVerdict.Unmarked;
        }

        GoodVersions.With(good, slot, image.Version).Write(paths);
        return isKnown ? BootVerdict.KnownGood : BootVerdict.ProvedGood;
    }
}
