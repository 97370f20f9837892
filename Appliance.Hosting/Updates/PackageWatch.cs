using Appliance.Hosting.Events;
using Appliance.Hosting.Health;

namespace Appliance.Hosting.Updates;

/// <summary>Says of a node with a Debian package what runs: on trial, kept, or put back, until the next activation.</summary>
internal sealed class PackageWatch(UpdatePaths paths, ActivationFile activations, HealthBoard board, EventLog events, TimeProvider clock) : VersionWatch(clock)
{
    /// <inheritdoc/>
    public override bool Look()
    {
        if (NodePackage.Read(paths) is not { } package)
        {
            return true;
        }

        var here = $"Version {package.Version} runs as a package";
        if (activations.Read() is not { } last)
        {
            board.Report(UpdateWords.Image, PartState.Healthy, $"{here}.");
            return true;
        }

        var verdict = PackageVerdict.Read(paths) is { } found && found.Version == last.ToVersion ? found : null;
        if (verdict is null or { State: PackageVerdict.Trial })
        {
            var isNew = package.Version == last.ToVersion;
            board.Report(
                UpdateWords.Image,
                isNew ? PartState.Degraded : PartState.Healthy,
                isNew ? $"{here} on trial; {last.FromVersion} comes back unless it proves itself." : $"{here}; version {last.ToVersion} was asked for.");
            return false;
        }

        if (verdict.State != PackageVerdict.Kept)
        {
            var text = $"{here}: {verdict.Text}";
            events.Tell(EventSeverity.Error, UpdateWords.Part, text);
            board.Report(UpdateWords.Image, PartState.Degraded, text);
            return true;
        }

        activations.Clear();
        events.Tell(EventSeverity.Info, UpdateWords.Part, $"{here} and is kept: its health answered. It was {last.FromVersion} before.");
        board.Report(UpdateWords.Image, PartState.Healthy, $"{here}.");
        return true;
    }
}
