namespace Appliance.Bmc.Slots;

/// <summary>All that is seen of a slot, before it is judged.</summary>
/// <param name="Power">As the board says; null when it does not.</param>
/// <param name="BoardAnswers">False while the board is silent, or busy with an upload.</param>
/// <param name="PowerSince">Since when the slot is on, or off, as far as that is known.</param>
/// <param name="HasNode">True when the configuration names a node.</param>
/// <param name="Node">Null where it names none, or it was not asked yet.</param>
/// <param name="Mark">What other work of this role says of the slot.</param>
internal sealed record SlotView(bool? Power, bool BoardAnswers, DateTimeOffset PowerSince, bool HasNode, NodeSighting? Node, SlotMark? Mark)
{
    /// <summary>From when on the board counts it as on; later than the power's since where it has counted anew.</summary>
    public DateTimeOffset CountedSince { get; init; } = PowerSince;

    /// <summary>What its console has shown.</summary>
    public ConsoleSigns Console { get; init; } = new();

    /// <summary>True when the node answered since the power is as it is.</summary>
    public bool Answers => Node is { Reading.Answers: true } && Node.Time >= PowerSince;

    /// <summary>When it answered last in this period of power; null when it did not.</summary>
    public DateTimeOffset? LastAnswer => Node?.LastAnswer is { } last && last >= PowerSince ? last : null;

    /// <summary>The line of the console that tells of a failure in this period of power; empty when none does.</summary>
    public string Failure => Console.Failure.Length > 0 && Console.FailureTime >= PowerSince ? Console.Failure : "";

    /// <summary>Since when its node starts: from power-on, or from the start that its console or the board's count shows after the last answer; null when it has started already.</summary>
    public DateTimeOffset? Start =>
        Console.LastBoot is { } boot && boot >= PowerSince && boot >= (LastAnswer ?? boot) ? boot
        : LastAnswer is null || LastAnswer < CountedSince ? CountedSince
        : null;
}
