using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>A program that was not flashed: installed as a Debian package, or run from a checkout.</summary>
internal sealed class NoTarget(UpdatePaths paths) : IUpdateTarget
{
    public void Check(UpdateHeader header) => throw Refusal();

    public Task<InstalledUpdate> InstallAsync(UpdateHeader header, string bundle, CancellationToken token) => throw Refusal();

    public Task ActivateAsync(string version, CancellationToken token) => throw Refusal();

    private BusyException Refusal() => new(
        "NOT_UPDATABLE",
        $"This node can't be updated from outside: it runs no image ({paths.Image} is missing). Install the new package there with apt, or replace the program as it was put there.");
}
