using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>A program that was neither flashed nor installed as a package, such as one run from a checkout.</summary>
internal sealed class NoTarget(UpdatePaths paths) : IUpdateTarget
{
    public void Check(UpdateHeader header) => throw Refusal();

    public Task<InstalledUpdate> InstallAsync(UpdateHeader header, string bundle, CancellationToken token) => throw Refusal();

    public Task ActivateAsync(string version, CancellationToken token) => throw Refusal();

    private BusyException Refusal() => new(
        "NOT_UPDATABLE",
        $"This node can't be updated from outside: it runs neither an image ({paths.Image} is missing) nor the Debian package ({paths.PackageList} is missing). Replace the program there as it was put there.");
}
