using Appliance.Bmc.NodeFiles;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>
/// The node files of the job that is not done: secrets, so each lies in a file of its own that only this role reads, and for no longer than it is needed.
/// And of each slot the one that it was proven with: its tokens are used up, and a reflash has the router put fresh ones in.
/// </summary>
internal sealed class NodeFileShelf(string folder)
{
    public const string FolderName = "flash-node-files";

    private const string Field = "node_file";

    // Where a job's id stands otherwise, which is hex.
    private const string Used = "used";

    public void Put(string flash, int slot, NodeFileContent file)
    {
        PrivateFiles.CreateFolder(folder);
        DurableFile.Replace(PathOf(flash, slot), file.Json.Span);
    }

    /// <summary>Throws when it is not there or not readable.</summary>
    public NodeFileContent Find(string flash, int slot)
    {
        try
        {
            return NodeFileContent.Parse(File.ReadAllBytes(PathOf(flash, slot)), Field);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidInputException)
        {
            throw new BusyException("NODE_FILE_LOST", $"The node file of slot {slot} can't be read any more: {error.Message} Begin a new flash with it.");
        }
    }

    /// <summary>Null where none is there, or none that can be read.</summary>
    public NodeFileContent? FindUsed(int slot)
    {
        try
        {
            return Find(Used, slot);
        }
        catch (BusyException)
        {
            return null;
        }
    }

    /// <summary>Puts the job's file for that slot in place of the one before; none where the job has none.</summary>
    public void KeepUsed(string flash, int slot)
    {
        if (File.Exists(PathOf(flash, slot)))
        {
            File.Move(PathOf(flash, slot), PathOf(Used, slot), overwrite: true);
        }
        else
        {
            File.Delete(PathOf(Used, slot));
        }
    }

    /// <summary>Deletes all but those that the job still needs, and those of slots that are nodes by them.</summary>
    public void KeepOnly(Flash? active, IEnumerable<LastGoodImage> good)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var kept = active is null or { HasEnded: true } ? new HashSet<string>(StringComparer.Ordinal) : active.Results.Where(result => result.NeedsNodeFile).Select(result => PathOf(active.Id, result.Number)).ToHashSet(StringComparer.Ordinal);
        kept.UnionWith(good.Where(image => image.Node.Length > 0).Select(image => PathOf(Used, image.Slot)));
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => !kept.Contains(path)).ToList())
        {
            File.Delete(path);
        }
    }

    private string PathOf(string flash, int slot) => Path.Combine(folder, $"{flash}-{slot}.json");
}
