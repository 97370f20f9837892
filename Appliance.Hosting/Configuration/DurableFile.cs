using System.Runtime.InteropServices;

namespace Appliance.Hosting.Configuration;

/// <summary>Files that are there whole or not at all, also after a power cut.</summary>
public static partial class DurableFile
{
    public const string PartEnding = ".part";

    // <fcntl.h>, the same on x86-64 and arm64 except for O_DIRECTORY, which is not needed.
    private const int ReadOnlyCloseOnExec = 0x80000;

    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes beside the file, flushes, renames over it and flushes the folder; readable by the owner only.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var part = path + PartEnding;
        using (var stream = new FileStream(part, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerFile }))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        Move(part, path);
    }

    /// <summary>Gives a file that is on the medium another name in its folder, for good when this returns.</summary>
    public static void Move(string path, string target)
    {
        File.Move(path, target, overwrite: true);
        FlushFolder(Path.GetDirectoryName(target)!);
    }

    // Without it the new name may be lost with the power (fsync(2)); .NET opens no folders.
    private static void FlushFolder(string path)
    {
        var folder = Open(path, ReadOnlyCloseOnExec);
        if (folder < 0)
        {
            throw new IOException($"{path} can't be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        try
        {
            if (Flush(folder) != 0)
            {
                throw new IOException($"{path} can't be flushed: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
