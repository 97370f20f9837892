using Appliance.Hosting.Events;
using Appliance.Hosting.Health;

namespace Appliance.Hosting.Updates;

/// <summary>Says of an image node what runs: on trial, kept, or fallen back to, until the next activation.</summary>
internal sealed class ImageWatch(UpdatePaths paths, ActivationFile activations, HealthBoard board, EventLog events, TimeProvider clock) : VersionWatch(clock)
{
    /// <inheritdoc/>
    public override bool Look()
    {
        if (NodeImage.Read(paths) is not { } image)
        {
            return true;
        }

        var (slot, last) = (NodeImage.ReadSlot(paths), activations.Read());
        var here = $"Version {image.Version} runs in slot {slot}";
        if (last is null || (last.FromSlot == slot && last.BootId == BootMark.Read(paths)))
        {
            // The second: activated, and the machine is still on its way down.
            board.Report(UpdateWords.Image, PartState.Healthy, $"{here}.");
            return true;
        }

        if (last.ToSlot != slot)
        {
            var text = $"{here} again: version {last.ToVersion} in slot {last.ToSlot} did not prove itself within its tries. Install a mended one, or see the console of its boots.";
            events.Tell(EventSeverity.Error, UpdateWords.Part, text);
            board.Report(UpdateWords.Image, PartState.Degraded, text);
            return true;
        }

        if (GoodVersions.Read(paths)?.Slots.GetValueOrDefault(slot) != image.Version)
        {
            board.Report(UpdateWords.Image, PartState.Degraded, $"{here} on trial; {last.FromVersion} in slot {last.FromSlot} comes back unless it proves itself.");
            return false;
        }

        activations.Clear();
        events.Tell(EventSeverity.Info, UpdateWords.Part, $"{here} and is kept: its health answered. It was {last.FromVersion} before.");
        board.Report(UpdateWords.Image, PartState.Healthy, $"{here}.");
        return true;
    }
}
