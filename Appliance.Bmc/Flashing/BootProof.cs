using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Flashing;

/// <summary>Waits until a slot shows that it runs an image: its node says so, or its console does.</summary>
internal sealed class BootProof(ConsoleHub consoles, INodeChannel nodes, IOptions<FlashOptions> options, TimeProvider clock)
{
    private const int QuotedLetters = 160;

    /// <summary>The place in the slot's console from which on it counts.</summary>
    public Task<ConsoleStart> MarkAsync(SlotNumber slot, CancellationToken token) => ConsoleStart.HereAsync(consoles, slot, token);

    /// <summary>The same place, as an earlier life of this program has noted it.</summary>
    public Task<ConsoleStart> FindAsync(SlotNumber slot, string mark, CancellationToken token) => ConsoleStart.BehindAsync(consoles, slot, mark, token);

    /// <summary>What showed it; throws what was seen instead when the time is over.</summary>
    /// <param name="slot">A slot that was powered on.</param>
    /// <param name="sought">What counts as proof.</param>
    /// <param name="console">From where on it counts.</param>
    /// <param name="reached">Told how far its node has come, each time that it has come further.</param>
    /// <param name="token">Ends when somebody cancels.</param>
    public async Task<string> WaitAsync(SlotNumber slot, ProofSought sought, ConsoleStart console, Action<SlotStage> reached, CancellationToken token)
    {
        var (begun, stage) = (clock.GetTimestamp(), new SlotStage(sought.Slot.State, sought.Slot.Requests));
        while (true)
        {
            var (proof, seen) = await LookAsync(slot, sought, console, token);
            if (proof is not null)
            {
                return proof;
            }

            var now = SlotStage.Read(consoles.Since(slot, console.Position), sought.Slot.Node, sought.Slot with { State = stage.State, Requests = stage.Requests });
            if (!now.IsSameAs(stage))
            {
                (begun, stage) = (clock.GetTimestamp(), now);
                reached(stage);
            }

            Check(slot, sought, stage, seen, clock.GetElapsedTime(begun));
            await Task.Delay(options.Value.PollInterval, clock, token);
        }
    }

    private void Check(SlotNumber slot, ProofSought sought, SlotStage stage, string seen, TimeSpan since)
    {
        var limit = stage.State == FlashState.Enrolling ? options.Value.EnrollmentTime : options.Value.ProofTime;
        if (stage.Refused.Length > 0)
        {
            throw new FlashFaultException(FlashFault.Other, $"Slot {slot} runs the image as node {sought.Slot.Node}, and its request {stage.Refused} for a certificate was refused. Flash it with a new node file.");
        }

        if (since > limit)
        {
            throw new FlashFaultException(FlashFault.Other, stage.State switch
            {
                FlashState.Enrolling => $"Slot {slot} runs the image as node {sought.Slot.Node}, and nobody approved within {limit}: {string.Join("; ", stage.Requests)}. It is left on: once that is approved, its roles start by themselves.",
                FlashState.Starting => $"Slot {slot} has its certificate as node {sought.Slot.Node}, but did not show within {limit} that it runs {sought.Words}: {seen} It is left on for a look.",
                _ => $"Slot {slot} was written and read back, but did not show within {limit} that it runs {sought.Words}: {seen} It is left on for a look.",
            });
        }
    }

    private async Task<(string? Proof, string Seen)> LookAsync(SlotNumber slot, ProofSought sought, ConsoleStart console, CancellationToken token)
    {
        var (proof, node) = await AskNodeAsync(slot, sought, token);
        if (proof is not null)
        {
            return (proof, "");
        }

        var (shown, printed) = await ReadConsoleAsync(slot, sought, console, token);
        return (shown, $"{node} {printed}");
    }

    private async Task<(string? Proof, string Seen)> AskNodeAsync(SlotNumber slot, ProofSought sought, CancellationToken token)
    {
        if (!nodes.Knows(slot))
        {
            return (null, "no address of its node is configured,");
        }

        var reading = await nodes.AskAsync(slot, token);
        if (!reading.Answers)
        {
            return (null, $"its node does not answer ({reading.Failure}),");
        }

        // By the node's own clock, which need not be set yet: so it is compared with itself alone.
        var isNew = reading.StartTime is null || reading.StartTime != sought.Slot.NodeStart;
        return sought.Image.Version.Length > 0 && reading.Version == sought.Image.Version && isNew
            ? ($"Its node answers with version {reading.Version}.", "")
            : (null, isNew ? $"its node answers with version {reading.Version}," : "what answers at its node's address has not started again,");
    }

    private async Task<(string? Proof, string Seen)> ReadConsoleAsync(SlotNumber slot, ProofSought sought, ConsoleStart console, CancellationToken token)
    {
        try
        {
            await consoles.ReadAsync(slot, token);
            var printed = consoles.Since(slot, console.Position);
            var line = printed.Split('\n').FirstOrDefault(sought.IsShownBy) is { } shown ? Clean(shown) : null;
            return line is not null
                ? ($"Its console shows '{line}'.", "")
                : (null, printed.Length == 0 ? "its console printed nothing." : $"its console ends with '{Clean(printed[^Math.Min(printed.Length, QuotedLetters)..])}'.");
        }
        catch (ApplianceException error)
        {
            return (null, $"its console cannot be read ({error.Message}).");
        }
    }

    private static string Clean(string text)
    {
        var line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return line.Length > QuotedLetters ? line[..QuotedLetters] : line;
    }
}
