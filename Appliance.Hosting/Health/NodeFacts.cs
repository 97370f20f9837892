using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Sensors;
using Appliance.Hosting.Updates;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Node.V1;

namespace Appliance.Hosting.Health;

/// <summary>What a node is: who, of which versions, since when, and what its hardware tells.</summary>
internal sealed class NodeFacts(NodeCredentials credentials, CommitBoard commits, SensorBoard sensors, UpdatePaths paths, TimeProvider clock)
{
    private const string OsRelease = "/etc/os-release";
    private const string KernelCounts = "/proc/stat";

    public string Version { get; } = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public string OperatingSystem { get; } = ReadRelease("PRETTY_NAME=") is { Length: > 0 } name ? name : RuntimeInformation.OSDescription;

    public string ImageVersion { get; } = NodeImage.Read(paths)?.Version ?? NodePackage.Read(paths)?.Version ?? "";

    public DateTimeOffset StartTime { get; } = clock.GetUtcNow();

    public DateTimeOffset? BootTime { get; } = ReadBootTime();

    public Wire.Node ToWire()
    {
        var current = credentials.Current;
        return new Wire.Node
        {
            Site = current.Identity.Site,
            Name = current.Identity.Name,
            Role = current.Identity.Role?.Word() ?? "",
            Version = Version,
            OperatingSystem = OperatingSystem,
            RuntimeIdentifier = RuntimeInformation.RuntimeIdentifier,
            StartTime = Timestamp.FromDateTimeOffset(StartTime),
            CertificateExpireTime = Timestamp.FromDateTimeOffset(current.ExpireTime),
            PendingCommit = commits.Pending is { } pending
                ? new Wire.PendingCommit { Id = pending.Id, ConfirmDeadlineTime = Timestamp.FromDateTimeOffset(pending.Deadline) }
                : null,
            ImageVersion = ImageVersion,
            BootTime = BootTime is { } boot ? Timestamp.FromDateTimeOffset(boot) : null,
            Sensors = { sensors.Current.Select(SensorWire.ToWire) },
        };
    }

    // Shell-like assignments, the value quoted where it has spaces.
    private static string ReadRelease(string key) =>
        LinesOf(OsRelease).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line ? line[key.Length..].Trim('"', '\'') : "";

    // proc_stat(5): seconds since the epoch.
    private static DateTimeOffset? ReadBootTime() =>
        LinesOf(KernelCounts).FirstOrDefault(line => line.StartsWith("btime ", StringComparison.Ordinal)) is { } line
            && long.TryParse(line.AsSpan("btime ".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static IEnumerable<string> LinesOf(string path) => File.Exists(path) ? File.ReadLines(path) : [];
}
