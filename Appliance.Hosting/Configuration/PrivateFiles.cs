using System.Text;

namespace Appliance.Hosting.Configuration;

/// <summary>Folders and files that only their owner can read, from the moment they exist.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const UnixFileMode PublicFile = OwnerFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes the folder, and missing parents, with mode 0700; one that exists keeps its mode.</summary>
    public static void CreateFolder(string path)
    {
        // The framework gives the mode to the last folder of the path only.
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent))
        {
            CreateFolder(parent);
        }

        Directory.CreateDirectory(path, OwnerFolder);
    }

    /// <summary>Writes a new file with mode 0600; fails when it exists.</summary>
    public static void WriteSecret(string path, string text) => Write(path, text, OwnerFile);

    /// <summary>Writes a new file with mode 0644; fails when it exists.</summary>
    public static void WritePublic(string path, string text) => Write(path, text, PublicFile);

    /// <summary>Makes a new, empty file with the mode of another; fails when it exists.</summary>
    public static void WriteEmptyLike(string path, string other) => Write(path, "", File.GetUnixFileMode(other));

    /// <summary>True when anyone but the owner may touch the file.</summary>
    public static bool IsExposed(string path) => (File.GetUnixFileMode(path) & ~(OwnerFile | UnixFileMode.UserExecute)) != UnixFileMode.None;

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            // Given to open(2), so no moment exists in which another user could read the file.
            UnixCreateMode = mode,
        };
        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }
}
