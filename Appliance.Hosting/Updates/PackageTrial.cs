using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>Judges the package that was installed: good when the roles' health answers for long enough, in time.</summary>
public sealed class PackageTrial(UpdatePaths paths, Func<CancellationToken, Task<bool>> isServing, TimeProvider clock)
{
    /// <summary>What the bundle holds and this node may install, unpacked to a file; its version.</summary>
    public async Task<string> UnpackAsync(string bundle, string package, CancellationToken token)
    {
        var running = Running();
        try
        {
            // Looked at once it is out of the reach of whoever laid it there.
            var found = await new PackageBundle(paths).UnpackAsync(bundle, package, token);
            new UpdateFloor(paths).Check(found.Version, running.Version);
            return found.Compatible == running.Compatible
                ? found.Version
                : throw new BusyException("WRONG_COMPATIBLE", $"The bundle is for {found.Compatible}, this node is {running.Compatible}.");
        }
        catch
        {
            File.Delete(package);
            throw;
        }
    }

    /// <summary>True when it is good, which is written down then.</summary>
    public async Task<bool> JudgeAsync(CancellationToken token)
    {
        if (!await new HealthTrial(isServing, clock).PassesAsync(token))
        {
            return false;
        }

        GoodVersions.With(GoodVersions.Read(paths), NodePackage.Slot, Running().Version).Write(paths);
        return true;
    }

    private NodePackage Running() => NodePackage.Read(paths)
        ?? throw new BusyException("NOT_UPDATABLE", $"This program came with no package: {paths.Package} is missing.");
}
