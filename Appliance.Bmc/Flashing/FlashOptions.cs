using System.ComponentModel.DataAnnotations;

namespace Appliance.Bmc.Flashing;

/// <summary>How patient a flash is.</summary>
internal sealed class FlashOptions
{
    public const string Section = "Bmc:Flashing";

    /// <summary>How often the writing of a slot is begun before it counts as failed.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Between two flashes: daemons in the field run out of memory when one follows the other.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RestTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a board that does not answer is waited for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BoardTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the board may write or read back without getting on.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StallTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a slot has, from power-on, to show that it runs the image; and its roles, from their certificates on, to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan ProofTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an admin has to give the slot's node its certificate. The board flashes nothing else meanwhile.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan EnrollmentTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Between two looks at the board or the slot.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}
