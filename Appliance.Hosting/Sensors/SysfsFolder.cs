using System.Globalization;

namespace Appliance.Hosting.Sensors;

/// <summary>A folder of sysfs(5), read as it is: a file may be missing, or its driver may refuse at any time.</summary>
internal readonly record struct SysfsFolder(string Path)
{
    public const string Root = "/sys";

    public SysfsFolder Below(string name) => new(System.IO.Path.Combine(Path, name));

    /// <summary>Folders by the end of their name, in the order of their numbers; links count, since all classes are links.</summary>
    public IEnumerable<SysfsFolder> Folders(string pattern) => Entries(pattern).Where(Directory.Exists).Select(path => new SysfsFolder(path));

    /// <summary>Names of files, in the order of their numbers.</summary>
    public IEnumerable<string> Files(string pattern) => Entries(pattern).Where(File.Exists).Select(path => System.IO.Path.GetFileName(path));

    /// <summary>The file's one line; null where it can't be read.</summary>
    public string? Text(string file)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(Path, file)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Drivers answer ENODATA, EAGAIN or EIO while their device sleeps.
            return null;
        }
    }

    public long? Number(string file, NumberStyles style = NumberStyles.AllowLeadingSign) =>
        long.TryParse(Text(file), style, CultureInfo.InvariantCulture, out var number) ? number : null;

    private IEnumerable<string> Entries(string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path, pattern).OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
