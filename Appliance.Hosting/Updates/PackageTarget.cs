using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;

namespace Appliance.Hosting.Updates;

/// <summary>A node whose program came as a Debian package: the new one is laid ready, and installed by root's unit (apply-update), which keeps the last one to go back to.</summary>
internal sealed class PackageTarget(UpdatePaths paths, UpdateSpool spool, ActivationFile activations, EventLog events) : IUpdateTarget
{
    private readonly NodePackage _package = NodePackage.Read(paths) ?? throw new InvalidOperationException($"{paths.Package} is missing.");
    private readonly PackageBundle _bundles = new(paths);
    private readonly UpdateFloor _floor = new(paths);

    // Known to apply-update and to the unit that waits for the order.
    private string Ready => Path.Combine(spool.Folder, "package.bundle");

    private string Order => Path.Combine(spool.Folder, "activate");

    public void Check(UpdateHeader header)
    {
        if (header.Slot.Length > 0)
        {
            throw new InvalidInputException("header.slot", $"is {header.Slot}; this node runs a package and has no slots: leave it out");
        }

        if (header.Version.Length > 0)
        {
            _floor.Check(header.Version, _package.Version);
        }
    }

    public async Task<InstalledUpdate> InstallAsync(UpdateHeader header, string bundle, CancellationToken token)
    {
        var found = await _bundles.ReadAsync(bundle, token);
        CheckCompatible(found);
        header.CheckVersion(found.Version);
        _floor.Check(found.Version, _package.Version);
        File.Move(bundle, Ready, overwrite: true);
        events.Tell(EventSeverity.Info, UpdateWords.Part, $"The package of version {found.Version} lies ready and waits to be activated.");
        return new InstalledUpdate(found.Version, "");
    }

    public async Task ActivateAsync(string version, CancellationToken token)
    {
        _floor.Check(version, _package.Version);
        var held = File.Exists(Ready) ? (await _bundles.ReadAsync(Ready, token)).Version : "";
        if (held != version)
        {
            throw new BusyException("NOT_INSTALLED", $"{(held.Length == 0 ? "No package lies" : $"The package of version {held} lies")} ready here, not {version}; install that first.");
        }

        activations.Write(new Activation(_package.Version, "", version, "", BootMark.Read(paths)));
        await File.WriteAllTextAsync(Order, version, token);
        events.Tell(EventSeverity.Warning, UpdateWords.Part, $"The package of version {version} is being installed over {_package.Version}.");
    }

    private void CheckCompatible(PackageManifest found)
    {
        if (found.Compatible != _package.Compatible)
        {
            throw new BusyException("WRONG_COMPATIBLE", $"The bundle is for {found.Compatible}, this node is {_package.Compatible}; take the bundle that was built for it.");
        }
    }
}
