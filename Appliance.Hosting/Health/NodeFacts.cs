using System.Reflection;
using System.Runtime.InteropServices;
using Appliance.Hosting.Identity;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Node.V1;

namespace Appliance.Hosting.Health;

/// <summary>What does not change about a node while its role runs.</summary>
internal sealed class NodeFacts(TimeProvider clock)
{
    private const string OsRelease = "/etc/os-release";
    private const string NameKey = "PRETTY_NAME=";

    public string Version { get; } = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public string OperatingSystem { get; } = ReadName(OsRelease);

    public DateTimeOffset StartTime { get; } = clock.GetUtcNow();

    public Wire.Node ToWire(PeerIdentity identity, DateTimeOffset expireTime, PendingCommit? pending) => new()
    {
        Site = identity.Site,
        Name = identity.Name,
        Role = identity.Role?.Word() ?? "",
        Version = Version,
        OperatingSystem = OperatingSystem,
        RuntimeIdentifier = RuntimeInformation.RuntimeIdentifier,
        StartTime = Timestamp.FromDateTimeOffset(StartTime),
        CertificateExpireTime = Timestamp.FromDateTimeOffset(expireTime),
        PendingCommit = pending is null ? null : new Wire.PendingCommit { Id = pending.Id, ConfirmDeadlineTime = Timestamp.FromDateTimeOffset(pending.Deadline) },
    };

    // os-release(5): shell-like assignments, the value quoted where it has spaces.
    private static string ReadName(string path)
    {
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(NameKey, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.OSDescription : line[NameKey.Length..].Trim('"', '\'');
    }
}
