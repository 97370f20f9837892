using Appliance.Hosting.Updates;
using Appliance.Tests.Shared;

namespace Appliance.Hosting.Tests.Updates;

/// <summary>A node that is never updated: it keeps what was to be installed.</summary>
internal sealed class RecordingTarget : IUpdateTarget
{
    public List<byte[]> Bundles { get; } = [];

    public SyncPoint Checked { get; } = new();

    public void Check(UpdateHeader header) => Checked.Reach();

    public Task<InstalledUpdate> InstallAsync(UpdateHeader header, string bundle, CancellationToken token)
    {
        Bundles.Add(File.ReadAllBytes(bundle));
        return Task.FromResult(new InstalledUpdate("1.0.0", "B"));
    }

    public Task ActivateAsync(string version, CancellationToken token) => Task.CompletedTask;
}
