namespace Appliance.Bmc.Slots;

/// <summary>Since when a slot's power is as it is, from what is seen at each look.</summary>
internal sealed class PowerPeriod
{
    // The board counts whole seconds, and its answer was under way for a while.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(3);

    private bool? _power;

    /// <summary>When it was switched, as was seen or ordered.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>From when on the board counts, which may be later: after a cut between two looks, but after a restart of its daemon or one more "on" as well.</summary>
    public DateTimeOffset Counted { get; private set; }

    /// <summary>Takes a look: power and uptime as the board says them, and the last start that was ordered here.</summary>
    public void Look(bool? power, TimeSpan? uptime, DateTimeOffset? started, DateTimeOffset now)
    {
        if (power is null)
        {
            // A silent board says nothing about the slots.
            return;
        }

        if (power != _power)
        {
            Since = Counted = power == true && uptime is { } on ? now - on : now;
        }
        else if (power == true && uptime is { } on && now - on > Counted + Rounding)
        {
            Counted = now - on;
        }

        // A reset starts the node and leaves the board's count as it was.
        Since = started > Since ? started.Value : Since;
        Counted = Since > Counted ? Since : Counted;
        _power = power;
    }
}
