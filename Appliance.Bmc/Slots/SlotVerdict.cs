using System.Globalization;

namespace Appliance.Bmc.Slots;

/// <summary>The state that a view of a slot amounts to, and the reasons, in words that stay the same while nothing changes.</summary>
internal sealed record SlotVerdict(SlotState State, IReadOnlyList<string> Evidence)
{
    // A node that was cut may have had an answer under way.
    private static readonly TimeSpan Fading = TimeSpan.FromSeconds(5);

    // What idles prints nothing, so only output shows something.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    public static SlotVerdict Of(SlotView view, TimeSpan bootLimit, TimeSpan silenceLimit, DateTimeOffset now) => view switch
    {
        { Mark: { } mark } => new(mark.State, [mark.Text, .. Seen(view, now)]),
        { Power: null } => WithoutPower(view, now),
        { Power: false } => Off(view),
        { HasNode: false, Failure.Length: > 0 } => new(SlotState.Failed, [Shown(view)]),
        { HasNode: false } => new(SlotState.Powered, ["The board says on; the configuration names no node that could confirm it."]),
        { Answers: true } => Answering(view, silenceLimit, now),
        _ => Silent(view, bootLimit, silenceLimit, now),
    };

    private static SlotVerdict WithoutPower(SlotView view, DateTimeOffset now)
    {
        var board = view.BoardAnswers ? "The board does not know whether the slot is on." : "The board does not answer.";
        return view.Answers
            ? new(SlotState.Active, [board, Answer(view)])
            : new(SlotState.Unreachable, [board, .. Silence(view, now)]);
    }

    private static SlotVerdict Off(SlotView view) => view.Answers && view.Node!.Time - view.PowerSince > Fading
        ? new(SlotState.Active, ["The board says off, but the node answers: the board keeps what it was told and not what is, as after a reset.", Answer(view)])
        : new(SlotState.Off, ["The board says off."]);

    private static SlotVerdict Answering(SlotView view, TimeSpan silenceLimit, DateTimeOffset now)
    {
        var failures = view.Node!.Reading.FailedParts.Select(part => $"Failed: {part}.");
        var lasts = view.Node.FailedSince is { } since && now - since >= silenceLimit;
        return new(lasts ? SlotState.Failed : SlotState.Active, [Answer(view), .. failures]);
    }

    private static SlotVerdict Silent(SlotView view, TimeSpan bootLimit, TimeSpan silenceLimit, DateTimeOffset now)
    {
        if (view.LastAnswer is { } last && now - last < silenceLimit)
        {
            return new(SlotState.Active, [.. Silence(view, now)]);
        }

        if (view.Failure.Length > 0)
        {
            return new(SlotState.Failed, [Shown(view), .. Silence(view, now)]);
        }

        if (view.Start is { } start && now - start < bootLimit)
        {
            return new(SlotState.Booting, [$"It starts since {Time(start)}; its node has until {Time(start + bootLimit)} to answer."]);
        }

        // A machine that echoes runs, so it is its roles that fail; of one that does not nothing is known.
        return view.Node?.Reading.Pings == true
            ? new(SlotState.Failed, [.. Silence(view, now)])
            : new(SlotState.Unreachable, ["The board says on.", .. Silence(view, now)]);
    }

    private static IEnumerable<string> Seen(SlotView view, DateTimeOffset now) => view.Answers ? [Answer(view)] : Silence(view, now);

    private static string Shown(SlotView view) => $"Its console shows: {view.Failure}";

    private static string Answer(SlotView view) => $"The node answers, version {view.Node!.Reading.Version}.";

    private static IEnumerable<string> Silence(SlotView view, DateTimeOffset now)
    {
        if (view is not { HasNode: true, Node.Reading: { Answers: false } reading })
        {
            yield break;
        }

        yield return view.LastAnswer is { } last ? $"The node does not answer since {Time(last)}: {reading.Failure}." : $"The node has not answered: {reading.Failure}.";
        yield return reading.Pings switch
        {
            true => "It answers an echo request.",
            false => "It answers no echo request.",
            null => "Whether it answers an echo request is not known.",
        };
        if (view.Console.End >= view.PowerSince)
        {
            yield return "Its console shows that the system has shut down.";
        }
        else if (now - view.Console.LastOutput < Lately)
        {
            yield return "Its console still prints.";
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
