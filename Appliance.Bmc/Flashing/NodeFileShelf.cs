using Appliance.Bmc.NodeFiles;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Flashing;

/// <summary>The node files of the job that is not done: secrets, so each lies in a file of its own that only this role reads, and for no longer than it is needed.</summary>
internal sealed class NodeFileShelf(string folder)
{
    public const string FolderName = "flash-node-files";

    private const string Field = "node_file";

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

    /// <summary>Deletes all but those that the job still needs.</summary>
    public void KeepOnly(Flash? active)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var kept = active is null or { HasEnded: true } ? [] : active.Results.Where(result => result.NeedsNodeFile).Select(result => PathOf(active.Id, result.Number)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => !kept.Contains(path)).ToList())
        {
            File.Delete(path);
        }
    }

    private string PathOf(string flash, int slot) => Path.Combine(folder, $"{flash}-{slot}.json");
}
