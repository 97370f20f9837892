using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>A program that was not flashed and came with no signed package, such as one from a checkout.</summary>
internal sealed class NoTarget(UpdatePaths paths) : IUpdateTarget
{
    public void Check(UpdateHeader header) => throw Refusal();

    public Task<InstalledUpdate> InstallAsync(UpdateHeader header, string bundle, CancellationToken token) => throw Refusal();

    public Task ActivateAsync(string version, CancellationToken token) => throw Refusal();

    private BusyException Refusal() => new(
        "NOT_UPDATABLE",
        $"This node can't be updated from outside: it runs no image ({paths.Image} is missing) and no package that names a signer ({paths.Certificate}). Install the new package there with apt, or replace the program as it was put there.");
}
