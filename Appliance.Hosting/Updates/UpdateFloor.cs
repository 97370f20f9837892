using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>Lets nothing older than what has run well here be installed: an old version's holes are known.</summary>
public sealed class UpdateFloor(UpdatePaths paths)
{
    public const string TooOld = "VERSION_TOO_OLD";

    /// <summary>Throws when the version is older than the floor or than the one that runs; the same again is allowed.</summary>
    public void Check(string version, string running)
    {
        if (!VersionOrder.IsVersion(version))
        {
            throw new BusyException("VERSION_UNKNOWN", $"The update calls its version '{version}', which has no place in an order; build it with one such as 1.4.0.");
        }

        // A version of the running program that has no place (a build of one's own) forbids nothing.
        var floor = GoodVersions.Read(paths)?.Floor ?? "";
        var least = new[] { floor, running }.Where(VersionOrder.IsVersion).Aggregate("", (most, next) => most.Length == 0 || VersionOrder.Compare(next, most) > 0 ? next : most);
        if (least.Length > 0 && VersionOrder.Compare(version, least) < 0)
        {
            throw new BusyException(TooOld, $"The update has version {version}, this node takes {least} or newer: {(least == running ? "that one runs" : "that one has run well here")}.");
        }
    }
}
