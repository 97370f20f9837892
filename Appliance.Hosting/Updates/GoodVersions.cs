using System.Text.Json;
using Appliance.Hosting.Configuration;

namespace Appliance.Hosting.Updates;

/// <summary>What has proved itself on a node. Root writes it, so a role that was taken over can't lower the floor.</summary>
/// <param name="Floor">The highest version that was ever found good; nothing older is installed again.</param>
/// <param name="Slots">The version found good in each slot.</param>
public sealed record GoodVersions(string Floor, IReadOnlyDictionary<string, string> Slots)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Open = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Null where nothing was found good yet, which is so on a fresh disk, and where the file is damaged.</summary>
    public static GoodVersions? Read(UpdatePaths paths)
    {
        try
        {
            return File.Exists(paths.Good) ? JsonSerializer.Deserialize(File.ReadAllBytes(paths.Good), UpdateJson.Default.GoodVersions) : null;
        }
        catch (JsonException)
        {
            // Judged as a fresh disk: a node that fails over it at each boot could not be mended from outside. Only root can damage it.
            return null;
        }
    }

    /// <summary>The same with one more version that proved itself.</summary>
    public static GoodVersions With(GoodVersions? before, string slot, string version)
    {
        var slots = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (known, good) in before?.Slots ?? new Dictionary<string, string>())
        {
            slots[known] = good;
        }

        slots[slot] = version;
        return new GoodVersions(before is not null && VersionOrder.Compare(before.Floor, version) > 0 ? before.Floor : version, slots);
    }

    public void Write(UpdatePaths paths)
    {
        Directory.CreateDirectory(paths.Shared);
        // Whatever the umask of the unit: the roles read it.
        File.SetUnixFileMode(paths.Shared, Open);
        DurableFile.Replace(paths.Good, JsonSerializer.SerializeToUtf8Bytes(this, UpdateJson.Default.GoodVersions));
        File.SetUnixFileMode(paths.Good, Readable);
    }
}
