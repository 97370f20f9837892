using System.ComponentModel.DataAnnotations;
using Appliance.Bmc.Board;

namespace Appliance.Bmc.Slots;

/// <summary>What is in the slots, and how closely they are watched.</summary>
internal sealed class SlotOptions : IValidatableObject
{
    public const string Section = "Bmc:Slots";

    public SlotLabel Slot1 { get; set; } = new();

    public SlotLabel Slot2 { get; set; } = new();

    public SlotLabel Slot3 { get; set; } = new();

    public SlotLabel Slot4 { get; set; } = new();

    /// <summary>Time between two looks at the board while it answers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What that grows to, doubling, while it does not.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LongestPollInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a node may be silent, or a part of it failed, before its slot is said to be so: longer than a role takes to restart.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a node may take to shut down before its power is cut; systemd gives a stubborn service 90 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ShutdownLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The slot that this very role runs in; 0 when it runs elsewhere.</summary>
    [Range(0, SlotNumber.Last)]
    public int HostedOn { get; set; }

    /// <summary>Time between two looks at the console of a slot that is on while nobody watches it; the board holds 16 KiB.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConsoleInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is done when the board says that a slot's power is not as it was ordered here.</summary>
    [EnumDataType(typeof(DriftAction))]
    public DriftAction Drift { get; set; } = DriftAction.Tell;

    /// <summary>How long it must differ before it is restored.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RestoreAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Watchers of the slots at once, and as many of consoles.</summary>
    [Range(1, 1000)]
    public int MaxWatchers { get; set; } = 32;

    public SlotLabel Of(SlotNumber slot) => slot.Number switch
    {
        1 => Slot1,
        2 => Slot2,
        3 => Slot3,
        _ => Slot4,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LongestPollInterval < PollInterval)
        {
            yield return new ValidationResult($"is shorter than PollInterval ({PollInterval})", [nameof(LongestPollInterval)]);
        }

        foreach (var slot in SlotNumber.All)
        {
            if (NeedsItself(slot))
            {
                yield return new ValidationResult($"Slot{slot}:{nameof(SlotLabel.After)} leads back to slot {slot}; none of the slots in such a circle could be first");
            }
        }
    }

    private bool NeedsItself(SlotNumber slot)
    {
        HashSet<int> reached = [];
        Queue<int> open = new(Of(slot).After);
        while (open.TryDequeue(out var next))
        {
            if (next is >= SlotNumber.First and <= SlotNumber.Last && reached.Add(next))
            {
                foreach (var other in Of(SlotNumber.All[next - 1]).After)
                {
                    open.Enqueue(other);
                }
            }
        }

        return reached.Contains(slot.Number);
    }
}
