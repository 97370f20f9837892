using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Updates;

/// <summary>The place of the one bundle that is on its way in.</summary>
internal sealed class UpdateSpool(NodePaths paths, IOptions<NodeOptions> options)
{
    private const string Incoming = "incoming.bundle";

    private readonly UpdateOptions _options = options.Value.Updates;

    public string Folder { get; } = Path.Combine(paths.State, "updates");

    public long MaxBytes => _options.MaxBundleBytes;

    /// <summary>A new file; what an upload that was cut short left is overwritten.</summary>
    public UpdateUpload Begin(UpdateHeader header)
    {
        PrivateFiles.CreateFolder(Folder);
        CheckSpace(1);
        return new UpdateUpload(this, header, Path.Combine(Folder, Incoming));
    }

    /// <summary>Throws when so many more bytes do not leave the disk enough.</summary>
    public void CheckSpace(long bytes)
    {
        var free = new DriveInfo(Folder).AvailableFreeSpace;
        if (bytes > free - _options.ReservedBytes)
        {
            throw new LimitExceededException(
                "NO_SPACE", $"{free >> 20} MiB are free at {Folder}, {_options.ReservedBytes >> 20} of them are kept free, and more of the bundle is to come; make room there.");
        }
    }
}
